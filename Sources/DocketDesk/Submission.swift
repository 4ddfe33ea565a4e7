package import DocketDomain
package import DocketStore

/// What the desk is asked to do, with everything its outcome depends on.
package struct Submission: Sendable {
    /// What is asked.
    package enum Change: Sendable {
        /// Something about conversations and requests.
        case command(Command)
        /// Something about who may sign in.
        case identity(IdentityChange)
        /// Other rules.
        case policy(PolicyChange)
        /// A request that a partner pushes.
        case ticket(TicketPush)
        /// Something about contacts and companies.
        case directory(DirectoryChange)
        /// A file whose content is durable.
        case attachment(CompletedUpload)
        /// Contents that are settled: gone, or of use again.
        case contentRemoval(ContentRemoval)
    }

    /// What makes a repetition recognizable.
    package struct Key: Sendable {
        /// The command's id.
        package let id: CommandID
        /// SHA-256 of the call.
        ///
        /// A call with a secret that can be guessed, such as a password, has to be digested without
        /// it, since the digest is stored.
        package let digest: Digest

        /// Describes a key.
        package init(id: CommandID, digest: Digest) {
            self.id = id
            self.digest = digest
        }
    }

    /// What makes a repetition recognizable; `nil` for what is never repeated, such as a sign-in.
    package let key: Key?
    /// Who asks; `nil` for somebody not signed in.
    package let principal: Principal?
    /// The version that the author has seen of what is changed, if told: of the request, contact or
    /// company, or of the policy in force.
    package let expectedVersion: UInt64?
    /// What is asked, as the type that has what it needs, decides and answers.
    let command: any DeskCommand

    /// Describes what is asked.
    package init(
        key: Key?,
        principal: Principal?,
        expectedVersion: UInt64? = nil,
        change: Change
    ) {
        self.key = key
        self.principal = principal
        self.expectedVersion = expectedVersion
        command = change.command
    }

    /// Describes what the desk asks of itself.
    init(ofDesk command: any DeskCommand) {
        key = nil
        principal = .desk
        expectedVersion = nil
        self.command = command
    }
}
