/// A company, for which contacts speak.
public struct Company: Hashable, Sendable {
    /// Its id.
    public let id: CompanyID
    /// What it is called.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let name: String
    /// How the desk ranks it, such as `vip`; nil for no particular rank.
    public internal(set) var clientCategory: String?
    /// Counts the changes, from 1; for commands that expect a version.
    public internal(set) var version: UInt64 = 0
    /// When it was made.
    public internal(set) var createdAt = Timestamp(millisecondsSinceEpoch: 0)
    /// When it last changed.
    public internal(set) var changedAt = Timestamp(millisecondsSinceEpoch: 0)

    init(id: CompanyID, name: String) {
        self.id = id
        self.name = name
    }
}

/// The id of a company.
public typealias CompanyID = Identifier<Company>

/// What to know of a company; what is nil stays as it is, and is not known of a new one.
public struct CompanyFields: Hashable, Sendable {
    /// What it is called; 1 to 128 bytes.
    ///
    /// No other company has the name, in whatever case.
    public var name: String?
    /// A key of letters, digits, `_` and `-`, at most 64 bytes; empty for none.
    public var clientCategory: String?

    /// Says what is to be known.
    public init(name: String? = nil, clientCategory: String? = nil) {
        self.name = name
        self.clientCategory = clientCategory
    }
}
