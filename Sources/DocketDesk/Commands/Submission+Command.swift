internal import DocketDomain

extension Submission.Change {
    /// The type that has what it needs, decides and answers.
    var command: any DeskCommand {
        switch self {
        case .command(let command): command.deskCommand
        case .identity(let change): change.deskCommand
        case .policy(let change): change
        case .ticket(let push): push
        case .directory(.contact(let change)): change
        case .directory(.company(let change)): change
        case .attachment(let upload): upload
        case .contentRemoval(let removal): removal
        }
    }
}

extension Command {
    /// The type that has what it needs, decides and answers.
    fileprivate var deskCommand: any DeskCommand {
        switch self {
        case .openConversation(let opening): opening
        case .createRequest(let creation): Creation(creation: creation)
        case .post(let post): post
        case .postNote(let note): note
        case .markRead(let mark): Marking(self, mark.conversation, upTo: mark.upTo)
        case .markReceived(let mark): Marking(self, mark.conversation, upTo: mark.upTo)
        case .assign(let assignment): assignment
        case .edit(let edit): edit
        case .splitNewMessages(let request): Splitting(command: self, request: request)
        case .splitMessages(let split): Splitting(command: self, request: split.request)
        case .merge(let merge): merge
        case .link(let link), .unlink(let link): Linking(command: self, link: link)
        case .take(let request), .view(let request), .delete(let request), .restore(let request):
            Working(command: self, request: request)
        case .setStatus(let setting): Working(command: self, request: setting.request)
        case .finish(let finish): Working(command: self, request: finish.request)
        case .endInactiveSession(let ending): Working(command: self, request: ending.request)
        case .wake(let timer), .elapse(let timer): Working(command: self, request: timer.request)
        }
    }
}

extension IdentityChange {
    /// The type that has what it needs, decides and answers.
    fileprivate var deskCommand: any DeskCommand {
        switch self {
        case .createGuest(let id, let name, let secret):
            GuestCreation(id: id, name: name, secret: secret)
        case .ensureContact(let id, let externalID, let name):
            ContactEnsuring(id: id, externalID: externalID, name: name)
        case .createAgent(let id, let name, let role, let login, let hash):
            AgentCreation(id: id, name: name, role: role, login: login, passwordHash: hash)
        case .createKeyHolder(let id, let name, let channel, let key):
            KeyHolderCreation(id: id, name: name, channel: channel, key: key)
        case .lockAgent(let agent): AgentLocking(agent: agent)
        case .unlockAgent(let agent): AgentUnlocking(agent: agent)
        case .setPassword(let agent, let hash): PasswordSetting(agent: agent, hash: hash)
        case .changePassword(let old, let new, let session):
            PasswordChange(old: old, new: new, kept: session)
        case .addKey(let key, let grace): KeyAddition(key: key, grace: grace)
        case .revokeKey(let keyID): KeyRevocation(keyID: keyID)
        case .revokeKeys(let principal): SessionsEnding(principal: principal, revokesKeys: true)
        case .endSessions(let principal): SessionsEnding(principal: principal, revokesKeys: false)
        case .endSession(let token): SessionEnding(token: token)
        case .openSession(let session, let proof): SessionOpening(session: session, proof: proof)
        }
    }
}
