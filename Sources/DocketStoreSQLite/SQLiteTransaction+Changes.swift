internal import DocketDomain
internal import DocketStore

extension SQLiteTransaction {
    func write(_ change: StoreChange, at moment: Timestamp) throws(StoreError) {
        switch change {
        case .record(let record, let id): try keep(record, of: id, at: moment)
        case .openConversation(let conversation, let offset):
            try insert(conversation, openedAt: offset)
        case .openRequest(let request, let offset): try insert(request, openedAt: offset)
        case .changeRequest(let request, let before): try update(request, from: before)
        case .newest(let request, let conversation): try setNewest(request, of: conversation)
        case .move(let offset, let place): try move(messageAt: offset, to: place)
        case .mark(let mark, let principal, let conversation):
            try keep(mark, of: principal, in: conversation)
        case .ticket(let ticket): try insert(ticket)
        case .timer(let timer): try set(timer)
        case .noTimer(let request, let kind): try removeTimer(of: request, kind: kind)
        case .parkedTimersDue: try makeParkedTimersDue(at: moment)
        case .revision(let number): try keep(timersRevisedThrough: number)
        case .attachment(let record): try insert(record)
        case .attach(let files, let message, let isInternal):
            try attach(files, to: message, isInternal: isInternal)
        case .forgetContents(let contents, let moment):
            try forget(discarded: contents, before: moment)
        case .policy(let record): try insert(record)
        case .principal(let record): try insert(record, at: moment)
        case .signIn(let agent): try updateSignIn(of: agent, at: moment)
        case .key(let key): try insert(key, at: moment)
        case .revokeKey(let keyID): try revokeKey(keyID, at: moment)
        case .revokeKeys(let principal): try revokeKeys(of: principal, at: moment)
        case .expireKeys(let principal, let end): try expireKeys(of: principal, at: end)
        case .useKey(let keyID): try noteUse(ofKey: keyID, at: moment)
        case .session(let session): try insert(session)
        case .endSession(let token, let moment): try end(token, at: moment)
        case .profile(let profile, let before): try update(profile, from: before)
        case .addCompany(let company): try insert(company)
        case .company(let company): try update(company)
        case .removeCompany(let id): try removeCompany(id)
        }
    }
}
