internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

extension BatchRun {
    /// Changes what is known of contacts and companies.
    mutating func perform(
        _ change: DirectoryChange,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard let principal = submission.principal else { throw .rejected(.notPermitted) }
        switch change {
        case .contact(let change): return try perform(change, of: submission, by: principal)
        case .company(let change): return try perform(change, of: submission, by: principal)
        }
    }

    // MARK: Contacts

    private mutating func perform(
        _ change: ContactChange,
        of submission: Submission,
        by principal: Principal
    ) throws(Interruption) -> Acceptance {
        let situation = try storing { () throws(StoreError) in
            try self.situation(for: change, of: submission, by: principal)
        }
        let decision: ContactDecision
        do throws(Rejection) {
            decision = try decide(change, in: situation)
        } catch {
            throw .rejected(error)
        }
        let message = Docket_V1_Contact(
            decision.profile,
            company: decision.company,
            for: principal.audience
        )
        do throws(StoreError) {
            var offset: UInt64 = 0
            if let told = decision.change {
                try write(decision.profile, over: situation.profile)
                offset = try note(told, by: principal)
            }
            switch change {
            case .create: try keep(.created(offset: offset), of: submission)
            case .update, .setCompany:
                let answer = CommandRecord.Answer.accepted(
                    offset: offset,
                    payload: encoded(message)
                )
                try keep(answer, of: submission)
            }
            return Acceptance(offset: offset, result: .contact(message))
        } catch {
            throw .store(error)
        }
    }

    private func situation(
        for change: ContactChange,
        of submission: Submission,
        by principal: Principal
    ) throws(StoreError) -> ContactSituation {
        let profile = try transaction.profile(of: change.contact)
        return ContactSituation(
            principal: principal,
            expectedVersion: submission.expectedVersion,
            now: now,
            profile: profile,
            company: try company(profile?.company),
            namedCompany: try company(change.company)
        )
    }

    private func company(_ id: CompanyID?) throws(StoreError) -> Company? {
        guard let id else { return nil }
        return try transaction.company(id)
    }

    private mutating func write(
        _ profile: ContactProfile,
        over before: ContactProfile?
    ) throws(StoreError) {
        if let before {
            try transaction.update(profile, from: before)
            if profile.name != before.name {
                outcome.renamed[PrincipalID(profile.id)] = profile.name
            }
            return
        }
        let record = PrincipalRecord(
            id: PrincipalID(profile.id),
            name: profile.name,
            details: .registered
        )
        try transaction.insert(record, at: now)
        guard let made = try transaction.profile(of: profile.id) else {
            throw .corrupted("a contact that was made is missing")
        }
        try transaction.update(profile, from: made)
    }

    // MARK: Companies

    private mutating func perform(
        _ change: CompanyChange,
        of submission: Submission,
        by principal: Principal
    ) throws(Interruption) -> Acceptance {
        let situation = try storing { () throws(StoreError) in
            try self.situation(for: change, of: submission, by: principal)
        }
        let decision: CompanyDecision
        do throws(Rejection) {
            decision = try decide(change, in: situation)
        } catch {
            throw .rejected(error)
        }
        let message = decision.company.map { Docket_V1_Company($0) }
        do throws(StoreError) {
            var offset: UInt64 = 0
            if let told = decision.change {
                try write(decision, over: situation.company)
                offset = try note(told, by: principal)
            }
            switch change {
            case .create: try keep(.created(offset: offset), of: submission)
            case .update, .remove:
                let payload = message.map { encoded($0) } ?? Data()
                try keep(.accepted(offset: offset, payload: payload), of: submission)
            }
            return Acceptance(
                offset: offset,
                result: message.map { .company($0) } ?? .companyRemoved
            )
        } catch {
            throw .store(error)
        }
    }

    private func situation(
        for change: CompanyChange,
        of submission: Submission,
        by principal: Principal
    ) throws(StoreError) -> CompanySituation {
        var nameHolder: CompanyID?
        if let name = change.name { nameHolder = try transaction.company(named: name)?.id }
        var hasContacts = false
        if case .remove(let id) = change {
            hasContacts = try !transaction.contacts(.company(id), after: .start, limit: 1).isEmpty
        }
        return CompanySituation(
            principal: principal,
            expectedVersion: submission.expectedVersion,
            now: now,
            company: try transaction.company(change.company),
            nameHolder: nameHolder,
            hasContacts: hasContacts
        )
    }

    private func write(
        _ decision: CompanyDecision,
        over before: Company?
    ) throws(StoreError) {
        switch (before, decision.company) {
        case (nil, let company?): try transaction.insert(company)
        case (_?, let company?): try transaction.update(company)
        case (let company?, nil): try transaction.removeCompany(company.id)
        case (nil, nil): return
        }
    }

    private func encoded(_ message: some SwiftProtobuf.Message) -> Data {
        // Neither message has required fields, so encoding it has no way to fail.
        (try? message.serializedBytes()) ?? Data()
    }

    // MARK: Repetitions

    /// Whether what a change created has been removed since; nothing is left to answer with.
    func isGone(_ change: DirectoryChange, _ payload: Data?) throws(StoreError) -> Bool {
        guard payload == nil, case .company(let change) = change else { return false }
        return try transaction.company(change.company) == nil
    }

    /// The answer that a change was given before; a creation is answered with what there is now.
    func result(
        of change: DirectoryChange,
        by principal: Principal?,
        payload: Data?
    ) throws(StoreError) -> Acceptance.Result? {
        let audience = principal?.audience ?? .conversation
        switch change {
        case .contact(let change):
            if let payload {
                return (try? Docket_V1_Contact(serializedBytes: payload)).map { kept in
                    .contact(kept.seen(by: audience))
                }
            }
            guard let profile = try transaction.profile(of: change.contact) else { return nil }
            let company = try self.company(profile.company)
            return .contact(Docket_V1_Contact(profile, company: company, for: audience))
        case .company(.remove): return .companyRemoved
        case .company(let change):
            if let payload {
                return (try? Docket_V1_Company(serializedBytes: payload)).map { .company($0) }
            }
            return try transaction.company(change.company).map { .company(Docket_V1_Company($0)) }
        }
    }
}

extension Docket_V1_Contact {
    /// An answer that was kept, as an audience sees it: an older one of a contact's has the whole.
    fileprivate func seen(by audience: Audience) -> Docket_V1_Contact {
        guard audience == .conversation, let profile else { return self }
        return Docket_V1_Contact(ContactCard(profile))
    }
}
