/// What to change of a company; what is `nil` stays.
///
/// Whatever it holds is in the form in which it is kept: it is checked on the way in.
package struct CompanyEdit: Hashable, Sendable {
    /// What it is called.
    package private(set) var name: String?
    /// The client category of its contacts; empty for none.
    package private(set) var clientCategory: String?

    /// Changes nothing.
    package init() {}

    /// Gives the company another name; 1 to 128 bytes.
    package mutating func set(name text: String) throws(FieldFault) {
        name = try ContactText.name(text, path: "name")
    }

    /// Sets the client category, a key of at most 64 bytes, or nothing.
    package mutating func set(clientCategory text: String) throws(FieldFault) {
        clientCategory = try ContactText.category(text, path: "client_category")
    }

    /// The company with the changes, as of its version.
    func applied(to company: Company) -> Company {
        var after = company
        if let name { after.name = name }
        if let clientCategory { after.clientCategory = clientCategory }
        return after
    }
}
