/// What somebody asks to change about contacts.
package enum ContactChange: Hashable, Sendable {
    /// Create a contact by hand, who speaks for a company or for none. A creation.
    case create(ContactID, ContactEdit, company: CompanyID?)
    /// Change what is known of a contact.
    case update(ContactID, ContactEdit)
    /// Say for which company a contact speaks, or that it speaks for none.
    case setCompany(ContactID, CompanyID?)

    /// The contact that it is about.
    package var contact: ContactID {
        switch self {
        case .create(let id, _, _), .update(let id, _), .setCompany(let id, _): id
        }
    }

    /// The company that it names.
    package var company: CompanyID? {
        switch self {
        case .create(_, _, let company), .setCompany(_, let company): company
        case .update: nil
        }
    }
}

/// What the decision about a contact depends on beside the change.
package struct ContactSituation: Hashable, Sendable {
    /// Who asks.
    package let principal: Principal
    /// The version of the contact that the author has seen, if told.
    package let expectedVersion: UInt64?
    /// The moment of the decision.
    package let now: Timestamp
    /// What is known of the contact; `nil` where there is none.
    package let profile: ContactProfile?
    /// The company for which the contact speaks.
    package let company: Company?
    /// The company that the change names, if there is one with that id.
    package let namedCompany: Company?

    /// Describes the situation.
    package init(
        principal: Principal,
        expectedVersion: UInt64?,
        now: Timestamp,
        profile: ContactProfile?,
        company: Company?,
        namedCompany: Company?
    ) {
        self.principal = principal
        self.expectedVersion = expectedVersion
        self.now = now
        self.profile = profile
        self.company = company
        self.namedCompany = namedCompany
    }
}

/// What a change of a contact does.
package struct ContactDecision: Hashable, Sendable {
    /// What is known of the contact after it.
    package let profile: ContactProfile
    /// The company for which the contact speaks after it.
    package let company: Company?
    /// What the log tells of it; `nil` where nothing changes.
    package let change: AdministrativeChange?
}

/// Decides a change of a contact.
///
/// A change that leaves everything as it is takes effect without a new version: whoever brings
/// contacts from another system sends what that system has, again and again.
///
/// - Parameters:
///   - change: What is asked.
///   - situation: Who asks, when, and what there is.
/// - Returns: The contact after it and what the log tells.
/// - Throws: A `Rejection`; nothing changes then.
package func decide(
    _ change: ContactChange,
    in situation: ContactSituation
) throws(Rejection) -> ContactDecision {
    if change.company != nil, situation.principal.isStaff, situation.namedCompany == nil {
        throw .notFound
    }
    switch change {
    case .create(let id, let edit, _): return try situation.creating(id, edit)
    case .update(_, let edit):
        let profile = try situation.known()
        guard edit.fieldBeyond(situation.principal) == nil else { throw .notPermitted }
        return situation.changing(profile, to: edit.applied(to: profile), situation.company)
    case .setCompany(_, let company):
        guard situation.principal.isStaff else { throw .notPermitted }
        let profile = try situation.known()
        var after = profile
        after.company = company
        return situation.changing(profile, to: after, situation.namedCompany)
    }
}

extension ContactSituation {
    fileprivate func creating(
        _ id: ContactID,
        _ edit: ContactEdit
    ) throws(Rejection) -> ContactDecision {
        guard principal.isStaff else { throw .notPermitted }
        guard let name = edit.name else { throw .textEmpty(.name) }
        let empty = ContactProfile(id: id, name: "", origin: .registered, at: now)
        var profile = edit.applied(to: empty)
        profile.company = namedCompany?.id
        return ContactDecision(
            profile: profile,
            company: namedCompany,
            change: AdministrativeChange(
                .contact(id),
                name: name,
                .created,
                fields: changes(from: empty, to: profile, nil, namedCompany)
            )
        )
    }

    /// What is known of the contact, where the principal may know it and has seen its version.
    fileprivate func known() throws(Rejection) -> ContactProfile {
        guard let profile, principal.mayKnow(profile) else { throw .notFound }
        let current = profile.version(for: principal.audience)
        guard expectedVersion.map({ $0 == current }) ?? true else {
            throw .versionConflict(current: current, of: .contact)
        }
        return profile
    }

    fileprivate func changing(
        _ before: ContactProfile,
        to wanted: ContactProfile,
        _ companyAfter: Company?
    ) -> ContactDecision {
        guard wanted != before else {
            return ContactDecision(profile: before, company: companyAfter, change: nil)
        }
        var after = wanted
        after.countChange(since: before, at: now)
        return ContactDecision(
            profile: after,
            company: companyAfter,
            change: AdministrativeChange(
                .contact(after.id),
                name: after.name,
                .changed,
                fields: changes(from: before, to: after, company, companyAfter)
            )
        )
    }

    private func changes(
        from before: ContactProfile,
        to after: ContactProfile,
        _ companyBefore: Company?,
        _ companyAfter: Company?
    ) -> [FieldChange] {
        FieldChange.between(
            before.texts + [("company", companyBefore?.name ?? "")],
            after.texts + [("company", companyAfter?.name ?? "")]
        )
    }
}
