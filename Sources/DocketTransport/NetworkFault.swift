/// Why a server cannot listen, in words for whoever has started it.
package struct NetworkFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(listeningOn address: TransportAddress, _ error: any Error) {
        description = "cannot listen on \(address): \(ConnectFailure(error))"
    }
}
