package import DocketDomain

/// What somebody asks to change about contacts and companies.
package enum DirectoryChange: Sendable {
    /// Something about a contact.
    case contact(ContactChange)
    /// Something about a company.
    case company(CompanyChange)
}
