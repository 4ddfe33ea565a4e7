/// A value that a field cannot hold, and where it stands.
package struct FieldFault: Error, Hashable, Sendable {
    /// What is wrong with a value.
    package enum Problem: Hashable, Sendable {
        /// There has to be one.
        case missing
        /// It is not of the form that the field asks for.
        case invalid
        /// It stands in the list before.
        case repeated
        /// It has more bytes of UTF-8 than this.
        case tooLong(limit: Int)
        /// The list has more entries than this.
        case tooMany(limit: Int)
    }

    /// The field's path from the set of fields on, such as `emails[2]`.
    package let path: String
    /// What is wrong.
    package let problem: Problem

    /// Describes a fault.
    package init(_ path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }
}
