/// What a mark covers beyond its author's earlier one, but for marks: the newest entries of it.
package struct MarkedEntries: Hashable, Sendable {
    /// The offset of the newest entry that the staff may see; 0 where there is none.
    package let newest: UInt64
    /// The offset of the newest entry that contacts may see; 0 where there is none.
    package let newestForContact: UInt64

    /// Describes what a mark covers: nothing, where nothing is said.
    package init(newest: UInt64 = 0, newestForContact: UInt64 = 0) {
        self.newest = newest
        self.newestForContact = newestForContact
    }

    /// The newest of what an audience may see; 0 where there is none.
    func newest(for audience: Audience) -> UInt64 {
        audience == .staff ? newest : newestForContact
    }
}
