internal import DocketDomain

extension MemoryTransaction {
    func write(_ change: StoreChange, at moment: Timestamp) {
        switch change {
        case .record(let record, let id): keep(record, of: id, at: moment)
        case .openConversation(let conversation, let offset):
            insert(conversation, openedAt: offset)
        case .openRequest(let request, let offset): insert(request, openedAt: offset)
        case .changeRequest(let request, let before): update(request, from: before)
        case .newest(let request, let conversation): setNewest(request, of: conversation)
        case .move(let offset, let place): move(messageAt: offset, to: place)
        case .mark(let mark, let principal, let conversation):
            keep(mark, of: principal, in: conversation)
        case .ticket(let ticket): insert(ticket)
        case .timer(let timer): set(timer)
        case .noTimer(let request, let kind): removeTimer(of: request, kind: kind)
        case .parkedTimersDue: makeParkedTimersDue(at: moment)
        case .revision(let number): keep(timersRevisedThrough: number)
        case .attachment(let record): insert(record)
        case .attach(let files, let message, let isInternal):
            attach(files, to: message, isInternal: isInternal)
        case .forgetContents(let contents, let moment):
            forget(discarded: contents, before: moment)
        case .policy(let record): insert(record)
        case .principal(let record): insert(record, at: moment)
        case .signIn(let agent): updateSignIn(of: agent, at: moment)
        case .key(let key): insert(key, at: moment)
        case .revokeKey(let keyID): revokeKey(keyID, at: moment)
        case .revokeKeys(let principal): revokeKeys(of: principal, at: moment)
        case .expireKeys(let principal, let end): expireKeys(of: principal, at: end)
        case .useKey(let keyID): noteUse(ofKey: keyID, at: moment)
        case .session(let session): insert(session)
        case .endSession(let token, let moment): end(token, at: moment)
        case .profile(let profile, let before): update(profile, from: before)
        case .addCompany(let company): insert(company)
        case .company(let company): update(company)
        case .removeCompany(let id): removeCompany(id)
        }
    }
}
