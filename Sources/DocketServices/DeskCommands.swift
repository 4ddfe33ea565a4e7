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
    ///   - content: What a repetition must repeat: the call, without anything that can be guessed.
    ///   - method: The method, so that one id is not taken for two of them.
    ///   - principal: Who asks; nil before signing in.
    /// - Returns: How it took effect, now or when it was first asked.
    /// - Throws: Why it did not.
    func accept(
        _ change: Submission.Change,
        header: Docket_V1_CommandHeader,
        content: some SwiftProtobuf.Message,
        method: Method,
        as principal: Principal?
    ) async throws(RPCError) -> Acceptance {
        let key = Submission.Key(
            id: try identifier(header.commandID, "header.command_id"),
            digest: try Digest(of: content, method)
        )
        let submission = Submission(
            key: key,
            principal: principal,
            expectedVersion: header.seenVersion,
            change: change
        )
        switch await submit(submission) {
        case .accepted(let acceptance): return acceptance
        case .refused(let rejection): throw RPCError(rejection)
        case .keyReused:
            throw RPCError(.keyReused, "the command's id was used for something else")
        case .unavailable(let reason): throw RPCError(reason)
        }
    }
}

extension Digest {
    /// The digest of a method's name and a call's bytes.
    init(of call: some SwiftProtobuf.Message, _ method: Method) throws(RPCError) {
        let content = Array(method.name.utf8) + (try encoded(call))
        let hash = unsafe SHA256.digest(of: content.span.bytes)
        guard let digest = Digest(Data(hash.bytes)) else {
            throw RPCError(.serverError, "a digest has another length")
        }
        self = digest
    }
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

    /// The party that the command made or found.
    var party: Party {
        get throws(RPCError) {
            guard case .principal(let party) = result else { throw mismatch }
            return party
        }
    }
}
