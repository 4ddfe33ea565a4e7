/// A company, for which contacts speak.
///
/// A request belongs to a company through its contact alone.
package struct Company: Hashable, Sendable {
    /// The company's id.
    package let id: CompanyID
    /// What it is called; 1 to 128 bytes.
    ///
    /// No two companies have the same name in whatever case: two that differ in case alone are one
    /// that was typed twice.
    package var name: String
    /// How the desk ranks its contacts where nothing is said of one; empty for no particular rank.
    package var clientCategory = ""
    /// Counts the changes, from 1.
    package var version: UInt64 = 1
    /// When it was made.
    package let createdAt: Timestamp
    /// When it last changed.
    package var changedAt: Timestamp

    /// A new company.
    package init(id: CompanyID, name: String, at moment: Timestamp) {
        self.id = id
        self.name = name
        createdAt = moment
        changedAt = moment
    }

    /// What people may change, by the names of the call's fields, as text.
    var texts: [(field: String, text: String)] {
        [("name", name), ("client_category", clientCategory)]
    }
}

/// The id of a company.
package typealias CompanyID = Identifier<Company>
