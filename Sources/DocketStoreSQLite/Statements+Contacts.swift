extension Statements {
    static let profile = SQL(
        """
        SELECT profile FROM contact_profile
        WHERE contact = (SELECT "key" FROM principal WHERE id = ?)
        """
    )
    static let contactsOfName = SQL(
        """
        SELECT name_key, contact, profile FROM contact_profile INDEXED BY contact_profile_by_name
        WHERE name_key = ? AND contact > ? ORDER BY contact LIMIT ?
        """
    )
    static let contactsByName = SQL(
        """
        SELECT name_key, contact, profile FROM contact_profile INDEXED BY contact_profile_by_name
        WHERE name_key >= ? AND name_key < ? ORDER BY name_key, contact LIMIT ?
        """
    )
    static let contactsByAddress = SQL(
        """
        SELECT '', c.contact, c.profile
        FROM contact_address a CROSS JOIN contact_profile c ON c.contact = a.contact
        WHERE a.kind = ? AND a.value = ? AND a.contact > ? ORDER BY a.contact LIMIT ?
        """
    )
    static let contactsByCompany = SQL(
        """
        SELECT '', contact, profile FROM contact_profile INDEXED BY contact_profile_by_company
        WHERE company = (SELECT "key" FROM company WHERE id = ?) AND contact > ?
        ORDER BY contact LIMIT ?
        """
    )
    static let insertProfile = SQL(
        """
        INSERT INTO contact_profile(contact, name_key, profile)
        VALUES (?, ?, ?)
        """
    )
    static let updateProfile = SQL(
        """
        UPDATE contact_profile SET name_key = ?, profile = ?,
            company = (SELECT "key" FROM company WHERE id = ?)
        WHERE contact = (SELECT "key" FROM principal WHERE id = ?)
        """
    )
    static let renamePrincipal = SQL(
        """
        UPDATE principal SET name = ? WHERE id = ?
        """
    )
    static let insertAddress = SQL(
        """
        INSERT INTO contact_address(kind, value, contact) VALUES (?, ?, ?)
        """
    )
    static let removeAddress = SQL(
        """
        DELETE FROM contact_address
        WHERE kind = ? AND value = ? AND contact = (SELECT "key" FROM principal WHERE id = ?)
        """
    )
    private static let companyColumns = """
        id, name, client_category, version, created_at, changed_at
        """
    static let company = SQL(
        """
        SELECT \(companyColumns) FROM company WHERE id = ?
        """
    )
    static let companyByName = SQL(
        """
        SELECT \(companyColumns) FROM company WHERE name_key = ?
        """
    )
    static let companies = SQL(
        """
        SELECT \(companyColumns) FROM company
        WHERE name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?
        """
    )
    static let insertCompany = SQL(
        """
        INSERT INTO company(id, name, name_key, client_category, version, created_at, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let updateCompany = SQL(
        """
        UPDATE company SET name = ?, name_key = ?, client_category = ?, version = ?, changed_at = ?
        WHERE id = ?
        """
    )
    static let removeCompany = SQL(
        """
        DELETE FROM company WHERE id = ?
        """
    )

    /// Those for contacts and companies, by name.
    static let ofContacts: [(name: String, sql: SQL)] = [
        ("profile", profile), ("contactsOfName", contactsOfName),
        ("contactsByName", contactsByName),
        ("contactsByAddress", contactsByAddress), ("contactsByCompany", contactsByCompany),
        ("insertProfile", insertProfile), ("updateProfile", updateProfile),
        ("renamePrincipal", renamePrincipal), ("insertAddress", insertAddress),
        ("removeAddress", removeAddress), ("company", company),
        ("companyByName", companyByName), ("companies", companies),
        ("insertCompany", insertCompany), ("updateCompany", updateCompany),
        ("removeCompany", removeCompany),
    ]
}
