/// What a play has found wrong: which invariant, on which request, at which event.
package struct PlayFinding: Hashable, Sendable, CustomStringConvertible {
    /// The invariant's name.
    package let invariant: String
    /// The number of the request, where it concerns one.
    package let request: UInt64?
    /// The offset of the event, where one broke it.
    package let offset: UInt64?
    /// What is wrong.
    package let text: String

    /// Describes what is wrong.
    package init(_ invariant: String, request: UInt64? = nil, offset: UInt64? = nil, _ text: String)
    {
        self.invariant = invariant
        self.request = request
        self.offset = offset
        self.text = text
    }

    /// The finding as one line.
    package var description: String {
        let place = request.map { ", request \($0)" } ?? ""
        let event = offset.map { ", event \($0)" } ?? ""
        return "\(invariant)\(place)\(event): \(text)"
    }
}
