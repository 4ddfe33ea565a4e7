internal import DocketStore
internal import Foundation

/// What a page says about where the next one begins.
///
/// Nothing depends on whether a client has made one up: it names a place, and rights are checked
/// on every page.
struct PageToken: Hashable {
    let list: PagedList
    let epoch: Epoch
    let asOf: UInt64
    let place: UInt64

    private static let byteCount = 25

    /// Describes where the next page begins.
    init(_ list: PagedList, epoch: Epoch, asOf: UInt64 = 0, place: UInt64) {
        self.list = list
        self.epoch = epoch
        self.asOf = asOf
        self.place = place
    }

    /// Takes a token of a list that this desk gave since it was last restored; `nil` for the first
    /// page.
    static func parse(
        _ data: Data?,
        of list: PagedList,
        epoch: Epoch
    ) throws(QueryError) -> PageToken? {
        guard let data, !data.isEmpty else { return nil }
        guard data.count == byteCount, data.first == list.rawValue else { throw .invalidPage }
        let numbers = [1, 9, 17].compactMap { start in
            Epoch(bytes: data.dropFirst(start).prefix(8))?.value
        }
        guard numbers.count == 3, numbers[0] == epoch.value else { throw .invalidPage }
        return PageToken(list, epoch: epoch, asOf: numbers[1], place: numbers[2])
    }

    /// The token's bytes.
    var data: Data {
        Data([list.rawValue]) + epoch.bytes + Epoch(asOf).bytes + Epoch(place).bytes
    }
}
