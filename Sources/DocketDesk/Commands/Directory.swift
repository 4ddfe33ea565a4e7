internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

extension ContactChange: DeskCommand {
    var hasVersion: Bool {
        switch self {
        case .create: false
        case .update, .setCompany: true
        }
    }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let profile = try step.workspace.find(ProfileNeed(contact: contact))
        let situation = ContactSituation(
            principal: try step.principal(),
            expectedVersion: step.submission.expectedVersion,
            now: step.now,
            profile: profile,
            company: try step.workspace.company(profile?.company),
            namedCompany: try step.workspace.company(company)
        )
        let decision: ContactDecision
        do throws(Rejection) {
            decision = try decide(self, in: situation)
        } catch {
            throw .rejected(error)
        }
        var offset: UInt64 = 0
        if let told = decision.change {
            note(decision.profile, over: profile, in: &step)
            offset = step.note(told)
        }
        let message = Docket_V1_Contact(
            decision.profile,
            company: decision.company,
            for: step.audience
        )
        switch self {
        case .create: step.keep(.created(offset: offset))
        case .update, .setCompany:
            step.keep(.accepted(offset: offset, payload: message.payload))
        }
        return Acceptance(offset: offset, result: .contact(message))
    }

    private func note(
        _ profile: ContactProfile,
        over before: ContactProfile?,
        in step: inout Step
    ) {
        let id = PrincipalID(profile.id)
        guard let before else {
            let record = PrincipalRecord(id: id, name: profile.name, details: .registered)
            step.change(.principal(record))
            let made = ContactProfile(
                id: profile.id,
                name: profile.name,
                origin: .registered,
                at: step.now
            )
            step.change(.profile(profile, from: made))
            return
        }
        step.change(.profile(profile, from: before))
    }

    /// A creation is answered with what there is now.
    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        if let payload {
            return (try? Docket_V1_Contact(serializedBytes: payload)).map { kept in
                .contact(kept.seen(by: step.audience))
            }
        }
        guard let profile = try step.workspace.find(ProfileNeed(contact: contact)) else {
            return nil
        }
        let company = try step.workspace.company(profile.company)
        return .contact(Docket_V1_Contact(profile, company: company, for: step.audience))
    }
}

extension CompanyChange: DeskCommand {
    var hasVersion: Bool {
        switch self {
        case .create: false
        case .update, .remove: true
        }
    }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try situation(in: step)
        let decision: CompanyDecision
        do throws(Rejection) {
            decision = try decide(self, in: situation)
        } catch {
            throw .rejected(error)
        }
        var offset: UInt64 = 0
        if let told = decision.change {
            switch (situation.company, decision.company) {
            case (nil, let company?): step.change(.addCompany(company))
            case (_?, let company?): step.change(.company(company))
            case (let company?, nil): step.change(.removeCompany(company.id))
            case (nil, nil): break
            }
            offset = step.note(told)
        }
        let message = decision.company.map { Docket_V1_Company($0) }
        switch self {
        case .create: step.keep(.created(offset: offset))
        case .update, .remove:
            step.keep(.accepted(offset: offset, payload: message?.payload ?? Data()))
        }
        return Acceptance(offset: offset, result: message.map { .company($0) } ?? .companyRemoved)
    }

    private func situation(in step: borrowing Step) throws(Interruption) -> CompanySituation {
        var nameHolder: CompanyID?
        if let name { nameHolder = try step.workspace.find(CompanyNameNeed(name: name)) }
        var hasContacts = false
        if case .remove(let id) = self {
            hasContacts = try step.workspace.find(CompanyContactsNeed(company: id))
        }
        return CompanySituation(
            principal: try step.principal(),
            expectedVersion: step.submission.expectedVersion,
            now: step.now,
            company: try step.workspace.company(company),
            nameHolder: nameHolder,
            hasContacts: hasContacts
        )
    }

    /// A creation is answered with what there is now, and refused where that has been removed:
    /// nothing is left to answer with.
    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        if case .remove = self { return .companyRemoved }
        if let payload {
            return (try? Docket_V1_Company(serializedBytes: payload)).map { .company($0) }
        }
        guard let company = try step.workspace.company(company) else {
            throw .rejected(.notFound)
        }
        return .company(Docket_V1_Company(company))
    }
}

extension Docket_V1_Contact {
    /// An answer that was kept, as an audience sees it: an older one of a contact's has the whole.
    fileprivate func seen(by audience: Audience) -> Docket_V1_Contact {
        guard audience == .conversation, let profile else { return self }
        return Docket_V1_Contact(ContactCard(profile))
    }
}
