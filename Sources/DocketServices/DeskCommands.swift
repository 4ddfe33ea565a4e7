internal import DocketCrypto
internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

extension Desk {
    /// Submits what a call asks and waits for the desk's answer.
    ///
    /// - Parameters:
    ///   - change: What is asked.
    ///   - header: The call's header.
    ///   - digest: What a repetition must repeat: the call, without anything that can be guessed.
    ///   - principal: Who asks; nil before signing in.
    /// - Returns: How it took effect, now or when it was first asked.
    /// - Throws: Why it did not.
    func accept(
        _ change: Submission.Change,
        header: Docket_V1_CommandHeader,
        digest: Digest,
        as principal: Principal?
    ) async throws(RPCError) -> Acceptance {
        let submission = try Submission(change, header: header, digest: digest, as: principal)
        return try await submit(submission).acceptance
    }
}

extension Submission {
    /// What a call asks for.
    init(
        _ change: Change,
        header: Docket_V1_CommandHeader,
        digest: Digest,
        as principal: Principal?
    ) throws(RPCError) {
        let key = Key(id: try identifier(header.commandID, "header.command_id"), digest: digest)
        self.init(
            key: key,
            principal: principal,
            expectedVersion: header.seenVersion,
            change: change
        )
    }
}

extension Reply {
    /// How what was asked took effect; throws what a call is answered where it did not.
    var acceptance: Acceptance {
        get throws(RPCError) {
            switch self {
            case .accepted(let acceptance): return acceptance
            case .refused(let rejection): throw RPCError(rejection)
            case .keyReused:
                throw RPCError(.keyReused, "the command's id was used for something else")
            case .unavailable(let reason): throw RPCError(reason)
            }
        }
    }
}

extension CallContext {
    /// The digest of the call's method and of its message's bytes as they were received.
    var digest: Digest {
        get throws(RPCError) { try Digest(fingerprint: fingerprint) }
    }
}

extension Digest {
    /// The digest of a method and of a call that is not the one received, but the same for the same
    /// call: one without what must not be kept.
    init(of call: some SwiftProtobuf.Message, _ method: Method) throws(RPCError) {
        let content = try encoded(call)
        let bytes = unsafe content.span.bytes
        try self.init(fingerprint: Self.fingerprint(method, bytes))
    }

    /// The digest of a method and of a call's bytes.
    init(ofEncoded call: Data, _ method: Method) throws(RPCError) {
        let bytes = call.bytes
        try self.init(fingerprint: Self.fingerprint(method, bytes))
    }

    fileprivate init(fingerprint: [UInt8]) throws(RPCError) {
        guard let digest = Digest(fingerprint) else {
            throw RPCError(.serverError, "a digest has another length")
        }
        self = digest
    }

    /// SHA-256 of a method's name and a message's bytes.
    static func fingerprint(_ method: Method, _ message: RawSpan) -> [UInt8] {
        unsafe hasher.digest(of: method.name.utf8Span.span.bytes, message).bytes
    }

    /// Every command is hashed: with a context of its own each would cost more than its bytes do.
    private static let hasher = SHA256Hasher()
}

extension Acceptance {
    /// The answer does not have the form that the method's command brings: a mistake of ours.
    var mismatch: RPCError {
        RPCError(.serverError, "the desk's answer has another form")
    }

    /// The request that the command changed.
    var request: Docket_V1_Request {
        get throws(RPCError) {
            guard case .request(let request) = result else { throw mismatch }
            return request
        }
    }

    /// How many sessions the command has ended.
    var endedSessions: UInt32 {
        get throws(RPCError) {
            guard case .sessionsEnded(let count) = result else { throw mismatch }
            return count
        }
    }

    /// The party that the command made or found.
    var party: Party {
        get throws(RPCError) {
            guard case .principal(let party) = result else { throw mismatch }
            return party
        }
    }
}
