internal import DocketClient
internal import DocketDomain

/// By what to look for a contact whom somebody names, the most exact first.
///
/// What the text cannot be is left out: the server would refuse to look for it.
enum ContactCriteria {
    /// The criteria for a text.
    static func all(for name: String) -> [ContactCriterion] {
        [email(name), phone(name), .externalID(name), .namePrefix(name)].compactMap { $0 }
    }

    private static func email(_ name: String) -> ContactCriterion? {
        (try? EmailAddress(name, path: "email")) == nil ? nil : .email(name)
    }

    private static func phone(_ name: String) -> ContactCriterion? {
        (try? PhoneNumber(name, path: "phone")) == nil ? nil : .phone(name)
    }
}
