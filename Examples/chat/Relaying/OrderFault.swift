/// Why a line is no order.
struct OrderFault: Error, Hashable, Sendable {
    /// What is the matter, for programs; codes are only ever added.
    enum Code: String, Hashable, Sendable {
        /// The line is no JSON object.
        case notAnObject = "not_an_object"
        /// It has no id by which to reply, or none that can be used.
        case noID = "no_id"
        /// It names no command that there is.
        case unknownCommand = "unknown_command"
        /// A field is missing that the command needs.
        case missingField = "missing_field"
        /// A field has a value that it cannot have.
        case invalidField = "invalid_field"
        /// The command has no such field.
        case unknownField = "unknown_field"
        /// The line has more bytes than a line may have.
        case lineTooLong = "line_too_long"
        /// The line is not UTF-8.
        case notUTF8 = "not_utf8"
    }

    /// The id of the order, if it could be read.
    let id: String?
    /// What is the matter, for programs.
    let code: Code
    /// What is the matter and what to write instead, for a person.
    let message: String

    /// Describes what is the matter.
    init(_ code: Code, _ message: String, in id: String? = nil) {
        self.id = id
        self.code = code
        self.message = message
    }
}
