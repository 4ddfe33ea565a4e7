/// What somebody asks to change about companies.
package enum CompanyChange: Hashable, Sendable {
    /// Create a company. A creation.
    case create(CompanyID, CompanyEdit)
    /// Change what is known of a company.
    case update(CompanyID, CompanyEdit)
    /// Remove a company for which no contact speaks.
    case remove(CompanyID)

    /// The company that it is about.
    package var company: CompanyID {
        switch self {
        case .create(let id, _), .update(let id, _), .remove(let id): id
        }
    }

    /// The name that it gives the company.
    package var name: String? {
        switch self {
        case .create(_, let edit), .update(_, let edit): edit.name
        case .remove: nil
        }
    }
}

/// What the decision about a company depends on beside the change.
package struct CompanySituation: Hashable, Sendable {
    /// Who asks.
    package let principal: Principal
    /// The version of the company that the author has seen, if told.
    package let expectedVersion: UInt64?
    /// The moment of the decision.
    package let now: Timestamp
    /// The company; `nil` where there is none.
    package let company: Company?
    /// The company that has the name which the change gives.
    package let nameHolder: CompanyID?
    /// Whether a contact speaks for the company.
    package let hasContacts: Bool

    /// Describes the situation.
    package init(
        principal: Principal,
        expectedVersion: UInt64?,
        now: Timestamp,
        company: Company?,
        nameHolder: CompanyID?,
        hasContacts: Bool
    ) {
        self.principal = principal
        self.expectedVersion = expectedVersion
        self.now = now
        self.company = company
        self.nameHolder = nameHolder
        self.hasContacts = hasContacts
    }
}

/// What a change of a company does.
package struct CompanyDecision: Hashable, Sendable {
    /// The company after it; `nil` where it was removed.
    package let company: Company?
    /// What the log tells of it; `nil` where nothing changes.
    package let change: AdministrativeChange?
}

/// Decides a change of a company.
///
/// - Parameters:
///   - change: What is asked.
///   - situation: Who asks, when, and what there is.
/// - Returns: The company after it and what the log tells.
/// - Throws: A `Rejection`; nothing changes then.
package func decide(
    _ change: CompanyChange,
    in situation: CompanySituation
) throws(Rejection) -> CompanyDecision {
    guard situation.principal.isStaff else { throw .notPermitted }
    switch change {
    case .create(let id, let edit): return try situation.creating(id, edit)
    case .update(_, let edit): return try situation.changing(by: edit)
    case .remove: return try situation.removing()
    }
}

extension CompanySituation {
    fileprivate func creating(
        _ id: CompanyID,
        _ edit: CompanyEdit
    ) throws(Rejection) -> CompanyDecision {
        guard let name = edit.name else { throw .textEmpty(.name) }
        guard nameHolder == nil else { throw .nameTaken }
        let empty = Company(id: id, name: "", at: now)
        let company = edit.applied(to: empty)
        let fields = FieldChange.between(empty.texts, company.texts)
        return CompanyDecision(
            company: company,
            change: AdministrativeChange(.company(id), name: name, .created, fields: fields)
        )
    }

    fileprivate func changing(by edit: CompanyEdit) throws(Rejection) -> CompanyDecision {
        let before = try known()
        guard nameHolder == nil || nameHolder == before.id else { throw .nameTaken }
        var after = edit.applied(to: before)
        guard after != before else { return CompanyDecision(company: before, change: nil) }
        after.version += 1
        after.changedAt = now
        return CompanyDecision(
            company: after,
            change: AdministrativeChange(
                .company(after.id),
                name: after.name,
                .changed,
                fields: FieldChange.between(before.texts, after.texts)
            )
        )
    }

    fileprivate func removing() throws(Rejection) -> CompanyDecision {
        if case .agent(_, .agent) = principal.identity { throw .notPermitted }
        let before = try known()
        guard !hasContacts else { throw .inUse([before.name]) }
        return CompanyDecision(
            company: nil,
            change: AdministrativeChange(.company(before.id), name: before.name, .removed)
        )
    }

    /// The company, where the author has seen its version.
    private func known() throws(Rejection) -> Company {
        guard let company else { throw .notFound }
        guard expectedVersion.map({ $0 == company.version }) ?? true else {
            throw .versionConflict(current: company.version, of: .company)
        }
        return company
    }
}
