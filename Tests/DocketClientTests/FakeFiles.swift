import DocketCalls
import DocketCrypto
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Synchronization

/// What a client sees of a desk's attachments.
final class FakeFiles: Sendable {
    private struct State {
        var contents: [Data: Data] = [:]
        var heads: [Data: Docket_V1_UploadCall] = [:]
        var uploadOffsets: [UInt64] = []
        var downloadOffsets: [UInt64] = []
        var bytesUntilFault: Int?
        var damage: Data?
        var refusals: [RPCError] = []
    }

    private let state = Mutex(State())

    /// Lets the next transfer end with a fault when so many bytes have come or gone.
    func fail(after bytes: Int) {
        state.withLock { $0.bytesUntilFault = bytes }
    }

    /// Refuses the next uploads so, one after the other.
    func refuseUploads(_ errors: RPCError...) {
        state.withLock { $0.refusals += errors }
    }

    /// Forgets every file that was uploaded.
    func forgetAll() {
        state.withLock { state in
            state.contents = [:]
            state.heads = [:]
        }
    }

    /// What was uploaded under an id.
    func content(of id: Data) -> Data? { state.withLock { $0.contents[id] } }

    /// Gives out other bytes than came.
    func damage(_ content: Data) {
        state.withLock { $0.damage = content }
    }

    /// Where each call of `Upload` went on.
    var uploadOffsets: [UInt64] { state.withLock { $0.uploadOffsets } }
    /// Where each call of `Download` went on.
    var downloadOffsets: [UInt64] { state.withLock { $0.downloadOffsets } }

    func register(in router: inout Router) {
        router.unary(AttachmentsMethods.getUpload) {
            (call: Docket_V1_GetUploadCall, _) async throws(RPCError) in
            self.progress(of: call.attachmentID)
        }
        router.clientStreaming(AttachmentsMethods.upload) {
            (calls: MessageStream<Docket_V1_UploadCall>, _) async throws(RPCError) in
            try await self.upload(calls)
        }
        router.serverStreaming(AttachmentsMethods.download) {
            (
                call: Docket_V1_DownloadCall,
                replies: ReplyWriter<Docket_V1_DownloadReply>,
                _
            ) async throws(RPCError) in
            try await self.download(call, to: replies)
        }
    }

    private func progress(of id: Data) -> Docket_V1_GetUploadReply {
        state.withLock { state in
            .with {
                $0.received = UInt64(state.contents[id]?.count ?? 0)
                if let attachment = Self.attachment(id, state), $0.received == attachment.size {
                    $0.attachment = attachment
                }
            }
        }
    }

    private static func attachment(_ id: Data, _ state: State) -> Docket_V1_Attachment? {
        guard let head = state.heads[id], let content = state.contents[id] else { return nil }
        return .with {
            $0.id = id
            $0.name = head.name
            $0.mediaType = "text/plain"
            $0.size = head.size
            $0.sha256 = Data(SHA256.digest(of: content.span.bytes).bytes)
        }
    }

    private func upload(
        _ calls: MessageStream<Docket_V1_UploadCall>
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        var id = Data()
        for try await call in calls {
            if call.hasHeader {
                try refuse()
                id = call.header.commandID
                state.withLock { state in
                    state.heads[id] = call
                    state.uploadOffsets.append(call.offset)
                }
            }
            try take(call.data, of: id)
        }
        guard let attachment = state.withLock({ Self.attachment(id, $0) }) else {
            throw RPCError(.wrongMessageCount, "no first message")
        }
        guard attachment.sha256 == state.withLock({ $0.heads[id]?.sha256 }) else {
            throw RPCError(.contentMismatch, "another digest")
        }
        return .with { $0.attachment = attachment }
    }

    private func refuse() throws(RPCError) {
        let refusal = state.withLock { state in
            state.refusals.isEmpty ? nil : state.refusals.removeFirst()
        }
        if let refusal { throw refusal }
    }

    private func take(_ data: Data, of id: Data) throws(RPCError) {
        guard data.count <= 15_000 else { throw RPCError(.fieldTooLong, "data") }
        let isFault = state.withLock { state in
            state.contents[id, default: Data()] += data
            return Self.countDown(data.count, &state)
        }
        if isFault { throw RPCError(.overloaded, "the transfer broke off") }
    }

    private static func countDown(_ count: Int, _ state: inout State) -> Bool {
        guard let left = state.bytesUntilFault else { return false }
        state.bytesUntilFault = left > count ? left - count : nil
        return left <= count
    }

    private func download(
        _ call: Docket_V1_DownloadCall,
        to replies: ReplyWriter<Docket_V1_DownloadReply>
    ) async throws(RPCError) {
        let content = state.withLock { state in
            state.downloadOffsets.append(call.offset)
            return state.damage ?? state.contents[call.attachmentID]
        }
        guard let content else { throw RPCError(.notFound, "not found") }
        var rest = content.dropFirst(Int(clamping: call.offset))
        repeat {
            let data = rest.prefix(15_000)
            rest = rest.dropFirst(15_000)
            try await replies.write(.with { $0.data = data })
            let isFault = state.withLock { Self.countDown(data.count, &$0) }
            if isFault { throw RPCError(.overloaded, "the transfer broke off") }
        } while !rest.isEmpty
    }
}
