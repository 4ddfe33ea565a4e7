internal import DocketDesk
internal import DocketDomain
internal import DocketRPC
internal import DocketStore

extension RPCError {
    /// A verdict of the desk.
    init(_ rejection: Rejection) {
        self.init(
            rejection.wireReason,
            rejection.explanation,
            trailers: rejection.particulars
        )
    }

    /// Why the desk came to no decision.
    init(_ unavailability: Unavailability) {
        let isNotProcessed = unavailability.isNotProcessed
        switch unavailability {
        case .diskFull:
            self.init(
                .diskFull,
                "the store has no room",
                isNotProcessed: isNotProcessed,
                retryAfter: .seconds(1)
            )
        case .busy:
            self.init(
                .overloaded,
                "another process holds the store's files",
                isNotProcessed: isNotProcessed,
                retryAfter: .seconds(1)
            )
        case .overloaded:
            self.init(
                .overloaded,
                "too many commands wait",
                isNotProcessed: isNotProcessed,
                retryAfter: .milliseconds(100)
            )
        case .stopped: self.init(.draining, "the desk is ending", isNotProcessed: isNotProcessed)
        case .tooManyUnusedFiles(let limit):
            self.init(
                .tooManyUnusedFiles,
                "a principal has at most \(limit) files that no message names",
                isNotProcessed: isNotProcessed,
                trailers: [.text("limit", "\(limit)")]
            )
        case .storeDamaged:
            self.init(
                .storeDamaged,
                "something in the store that the call needs is damaged",
                isNotProcessed: isNotProcessed
            )
        case .notReached:
            self.init(
                .cancelled,
                "a call before this one in its lane did not take effect",
                isNotProcessed: isNotProcessed
            )
        case .outcomeUnknown:
            self.init(
                .outcomeUnknown,
                "the commit failed; repeat the command with the same id",
                isNotProcessed: isNotProcessed
            )
        }
    }

    /// Why there is no copy of the store.
    init(_ error: BackupError) {
        switch error {
        case .unavailable(let reason): self.init(reason)
        case .store(.full): self.init(Unavailability.diskFull)
        case .store: self.init(.serverError, "the copy cannot be written")
        }
    }

    /// Why a query has no answer.
    init(_ error: QueryError) {
        switch error {
        case .notFound: self.init(.notFound, "not found")
        case .tooMany(let field, let limit):
            self.init(Rejection.tooMany(field: field, limit: UInt64(clamping: limit)))
        case .invalidPage: self = .field(.invalidArgument, "page")
        case .store(.full): self.init(Unavailability.diskFull)
        case .store(.locked): self.init(Unavailability.busy)
        case .store(.damaged): self.init(Unavailability.storeDamaged)
        case .store: self.init(.serverError, "the store cannot be read")
        }
    }

    /// Why a secret opened no session.
    init(_ error: SignInError) {
        switch error {
        case .wrongSecret: self.init(.credentialsInvalid, "the secret opens no session")
        case .keyRevoked: self.init(.keyRevoked, "the key was revoked")
        case .agentLocked: self.init(.agentLocked, "an administrator has locked this agent out")
        case .unavailable(let reason): self.init(reason)
        case .tooManySignIns:
            self.init(
                .overloaded,
                "too many passwords are being checked",
                isNotProcessed: true,
                retryAfter: .seconds(1)
            )
        case .store(.damaged): self.init(Unavailability.storeDamaged)
        case .store: self.init(.serverError, "the store cannot be read")
        }
    }

    /// Why a feed does not begin at a cursor.
    init(_ reason: ResyncReason) {
        self.init(
            .resyncRequired,
            "take a snapshot and subscribe from there",
            trailers: [.text("cause", reason.rawValue)]
        )
    }

    /// A field that cannot be read as what it stands for.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - name: The field's name in the call.
    ///   - rule: What is wrong with it, in words behind its name.
    /// - Returns: The refusal, which says that nothing was done.
    static func field(_ reason: Reason, _ name: String, _ rule: String? = nil) -> RPCError {
        let usual = reason == .fieldMissing ? "is empty" : "is not valid"
        return RPCError(
            reason,
            "the field \(name) \(rule ?? usual)",
            isNotProcessed: true,
            trailers: [.text("field", name)]
        )
    }

    /// A field with more bytes of UTF-8 than it may have.
    static func field(_ name: String, isLongerThan limit: Int) -> RPCError {
        .field(.fieldTooLong, name, "is longer than \(limit) bytes")
    }
}

/// Runs what checks or makes secrets, with its errors as refusals.
func signingIn<Result>(
    _ body: () async throws(SignInError) -> Result
) async throws(RPCError) -> Result {
    do throws(SignInError) {
        return try await body()
    } catch {
        throw RPCError(error)
    }
}

extension Metadatum {
    /// An entry whose value is text, cut behind the last character that it has room for.
    static func text(_ key: String, _ value: String) -> Metadatum {
        var length = 0
        let fitting = value.prefix { character in
            length += character.utf8.count
            return length <= maximumValue
        }
        return Metadatum(key: key, value: Array(fitting.utf8))
    }

    /// An entry whose value is a list parted by commas, cut behind the last word that it has room
    /// for.
    static func list(_ key: String, _ words: [String]) -> Metadatum {
        var length = -1
        let fitting = words.prefix { word in
            length += 1 + word.utf8.count
            return length <= maximumValue
        }
        return Metadatum(key: key, value: Array(fitting.joined(separator: ",").utf8))
    }
}
