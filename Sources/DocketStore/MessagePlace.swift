package import DocketDomain

/// Where a message stands now: in which request, and where among its public entries.
package struct MessagePlace: Hashable, Sendable {
    /// The request.
    package let request: RequestReference
    /// The place among the request's public entries.
    package let sequence: UInt64

    /// Names a place.
    package init(request: RequestReference, sequence: UInt64) {
        self.request = request
        self.sequence = sequence
    }
}
