internal import DocketDomain

extension MemoryTransaction {
    func openingOffset(ofRequest request: RequestID) -> UInt64 {
        state.requestOpenings[request] ?? 0
    }

    func place(ofMovedMessage offset: UInt64) -> MessagePlace? { state.movedMessages[offset] }

    func messages(
        movedTo request: RequestID,
        limit: Int
    ) -> [(sequence: UInt64, entry: LogEntry)] {
        let own = state.movedMessages.filter { $0.value.request.id == request }
        let ordered = own.sorted { $0.value.sequence < $1.value.sequence }
        return ordered.prefix(limit).compactMap { offset, place in
            entry(at: offset).map { (place.sequence, $0) }
        }
    }

    func move(messageAt offset: UInt64, to place: MessagePlace) {
        state.movedMessages[offset] = place
    }
}
