/// What a field is to hold, as it is written on a command line: `KEY=VALUE`, `KEY=` empties it.
public struct FieldText: Sendable {
    /// The field's key.
    public let key: String
    /// What it is to hold.
    public let value: String

    /// Takes what stands before and after the first `=`; nil where nothing stands before it.
    public init?(_ argument: String) {
        guard let separator = argument.firstIndex(of: "="), separator > argument.startIndex else {
            return nil
        }
        key = String(argument[..<separator])
        value = String(argument[argument.index(after: separator)...])
    }
}
