package import DocketDomain

/// Reads what is known of contacts and companies.
package protocol ContactReading {
    /// Whether the company takes nothing from a contact; not where it is unknown.
    ///
    /// Every message that a contact writes asks it, so a writer may remember the answer.
    func isBlocked(_ contact: ContactID) throws(StoreError) -> Bool
    /// What is known of a contact.
    func profile(of contact: ContactID) throws(StoreError) -> ContactProfile?
    /// Contacts that are found by something, in an order that stays, each with its place.
    func contacts(
        _ criterion: ContactCriterion,
        after place: ContactPlace,
        limit: Int
    ) throws(StoreError) -> [(place: ContactPlace, profile: ContactProfile)]
    /// A company.
    func company(_ id: CompanyID) throws(StoreError) -> Company?
    /// The company with a name, in whatever case.
    func company(named name: String) throws(StoreError) -> Company?
    /// Companies by how their names begin, in any case: those whose `nameKey` stands behind a key,
    /// by `nameKey`.
    func companies(
        namePrefix: String,
        after name: String,
        limit: Int
    ) throws(StoreError) -> [Company]
}

extension ContactReading {
    /// Looks it up in what is known of the contact.
    package func isBlocked(_ contact: ContactID) throws(StoreError) -> Bool {
        try profile(of: contact)?.isBlocked ?? false
    }
}
