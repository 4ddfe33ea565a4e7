/// How much a policy document may say of everything: far more than people tell apart.
package enum PolicyLimits {
    /// The longest document, in bytes: sixty times the longest shipped one.
    package static let documentBytes = 256 * 1_024
    /// The longest key, in bytes: keys are typed by people and repeated in every event.
    static let keyBytes = 64
    /// The longest name, in bytes of UTF-8: what fits a line of a list.
    static let nameBytes = 128
    /// The longest text that the desk tells contacts, in bytes of UTF-8: a mail of a page.
    static let tellBytes = 4_096
    /// The longest word of a choice and the longest value of a condition, in bytes of UTF-8.
    static let wordBytes = 128
    /// The most statuses.
    static let statuses = 256
    /// The most transitions: four for each status.
    static let transitions = 1_024
    /// The most channels, types, fields or groups.
    static let things = 256
    /// The most topics: a tree of a large company.
    static let topics = 1_024
    /// The most priorities.
    static let priorities = 64
    /// The most sets of fields: one for each topic.
    static let fieldSets = 1_024
    /// The most agents named as members of a topic or a group.
    static let members = 1_024
    /// The most words of a choice.
    static let choices = 256
    /// The most parts of a condition, and the most values that one compares with.
    static let parts = 64
    /// The most effects of a transition.
    static let effects = 16
    /// How large the largest file may be: a film of an hour is another service's matter.
    static let fileBytes: ClosedRange<Int64> = 1...(1 << 30)
    /// How many files a message may have at most.
    static let filesInMessage: ClosedRange<Int64> = 0...100
    /// How many incomplete uploads somebody may have at most.
    static let unfinishedUploads: ClosedRange<Int64> = 1...1_024
    /// How many complete files that no message names somebody may have at most: an integration
    /// prepares more of them than a person.
    static let unusedFiles: ClosedRange<Int64> = 1...4_096
    /// The ranks that priorities may have.
    static let ranks: ClosedRange<Int64> = 0...1_000_000
}
