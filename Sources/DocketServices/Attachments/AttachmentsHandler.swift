internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Attachments`: contents go between the wire and files, what is known of them into the
/// store.
package struct AttachmentsHandler: AttachmentsService {
    /// Bytes of a file that are written or read at a time, a whole number of chunks: a hop to the
    /// disk is rare then, and a call holds little.
    private static let blockBytes = 4 * UploadHead.chunkBytes
    /// How often abandoned uploads and contents without use are looked for.
    private static let housekeeping = Duration.seconds(3_600)

    private let desk: Desk
    private let files: AttachmentFiles
    private let clock: any DeskClock

    /// Serves the attachments of a desk, whose contents are in `files`.
    package init(desk: Desk, files: AttachmentFiles, clock: any DeskClock) {
        self.desk = desk
        self.files = files
        self.clock = clock
    }

    private var limits: AttachmentLimits { desk.policy.content.attachments }

    // MARK: Uploading

    package func upload(
        _ calls: MessageStream<Docket_V1_UploadCall>,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        guard let first = try await calls.next() else {
            throw RPCError(.wrongMessageCount, "an upload has a first message")
        }
        let head = try UploadHead(first)
        let principal = try context.principal
        guard let uploader = principal.id else { throw RPCError(.notFound, "nobody uploads") }
        let earlier = try await registered(head.id)
        // As for every command: what was accepted once is answered so again, whatever has changed
        // since. Anybody else is told that the id is used only of a conversation they may see.
        if let earlier, head.matches(earlier, of: principal) {
            if head.sha256 != nil || head.offset == head.size { return Self.reply(earlier) }
        } else {
            try await checkNew(head, of: principal, uploader)
            if earlier != nil { throw Self.keyReused }
        }
        let key = UploadKey(principal: uploader, attachment: head.id)
        let limit = limits.unfinishedUploads
        let upload = try await onDisk { () throws(AttachmentFault) in
            try files.begin(key, at: head.offset, of: head.size, limit: limit)
        }
        defer { files.end(key, upload) }
        try await receive(first, calls, into: upload)
        return try await finish(upload, head, earlier: earlier, as: principal)
    }

    /// Refuses what may not be uploaded now.
    private func checkNew(
        _ head: UploadHead,
        of principal: Principal,
        _ uploader: PrincipalID
    ) async throws(RPCError) {
        try head.checkSize(limits)
        try await asking { () async throws(QueryError) in
            _ = try await desk.visibleConversation(head.conversation, to: principal)
        }
        try await checkRoom(forFileOf: uploader)
    }

    /// Writes what comes, a block at a time; where the call breaks off, what has come is kept.
    private func receive(
        _ first: Docket_V1_UploadCall,
        _ calls: MessageStream<Docket_V1_UploadCall>,
        into upload: PartialUpload
    ) async throws(RPCError) {
        var block = Data()
        do throws(RPCError) {
            var message: Docket_V1_UploadCall? = first
            while let call = message {
                guard call.data.count <= UploadHead.chunkBytes else {
                    throw .field(.fieldTooLong, "data")
                }
                block.append(call.data)
                if block.count >= Self.blockBytes {
                    let full = block
                    block = Data()
                    try await append(full, to: upload)
                }
                message = try await calls.next()
            }
        } catch {
            let rest = block
            try? await append(rest, to: upload)
            throw error
        }
        try await append(block, to: upload)
    }

    private func append(_ block: Data, to upload: PartialUpload) async throws(RPCError) {
        try await onDisk { () throws(AttachmentFault) in try upload.append(block) }
    }

    /// Makes a complete upload an attachment.
    ///
    /// Nothing is left of a file that can never become one.
    private func finish(
        _ upload: PartialUpload,
        _ head: UploadHead,
        earlier: AttachmentRecord?,
        as principal: Principal
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        let content = try await onDisk { () throws(AttachmentFault) in try upload.complete() }
        do throws(RPCError) {
            try check(content, head, earlier: earlier)
        } catch {
            await desk.onFileThread { upload.discard() }
            throw error
        }
        if let earlier {
            await desk.onFileThread { upload.discard() }
            return Self.reply(earlier)
        }
        try await onDisk { () throws(AttachmentFault) in try files.keep(upload, as: content) }
        return try await registerKept(content, head, as: principal)
    }

    /// Refuses an upload of somebody who has too many files that no message names.
    private func checkRoom(forFileOf uploader: PrincipalID) async throws(RPCError) {
        let obstacle = try await asking { () async throws(QueryError) in
            try await desk.obstacle(toFileOf: uploader)
        }
        if let obstacle { throw RPCError(obstacle) }
    }

    /// Makes a content that is in its place an attachment, and lets go of it.
    ///
    /// A content that the desk does not take is removed, or refused uploads would fill the disk.
    /// Where nobody knows what the desk has done, it stays, and is held as long as the process
    /// lives, which is about to end: the next one may find that the store names it.
    private func registerKept(
        _ content: InspectedContent,
        _ head: UploadHead,
        as principal: Principal
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        do throws(RPCError) {
            let reply = try await register(content, head, as: principal)
            await desk.onFileThread { files.release(content.sha256) }
            return reply
        } catch {
            guard error.reason != .outcomeUnknown else { throw error }
            await desk.onFileThread { files.release(content.sha256) }
            // One that cannot be removed harms nothing but the room that it takes.
            _ = try? await settle(content.sha256, unless: [.named, .discarded])
            throw error
        }
    }

    /// Refuses a content that is not what was announced, or not what the desk takes.
    private func check(
        _ content: InspectedContent,
        _ head: UploadHead,
        earlier: AttachmentRecord?
    ) throws(RPCError) {
        if let expected = head.sha256, expected != content.sha256 {
            throw RPCError(.contentMismatch, "the content has another digest than was announced")
        }
        if let earlier {
            guard earlier.attachment.sha256 == content.sha256 else { throw Self.keyReused }
            return
        }
        guard limits.accepts(type: content.mediaType) else {
            throw RPCError(
                .attachmentTypeRefused,
                "the desk takes no files of this kind",
                trailers: [.text("media_type", content.mediaType)]
            )
        }
    }

    private func register(
        _ content: InspectedContent,
        _ head: UploadHead,
        as principal: Principal
    ) async throws(RPCError) -> Docket_V1_UploadReply {
        let attachment = Attachment(
            id: head.id,
            name: head.name,
            mediaType: content.mediaType,
            size: head.size,
            sha256: content.sha256
        )
        let acceptance = try await desk.accept(
            .attachment(CompletedUpload(attachment, for: head.conversation)),
            header: head.header,
            digest: try Digest(of: head.command(of: content), AttachmentsMethods.upload),
            as: principal
        )
        guard case .attachment(let registered) = acceptance.result else {
            throw acceptance.mismatch
        }
        return .with { $0.attachment = registered.message }
    }

    private func registered(_ id: AttachmentID) async throws(RPCError) -> AttachmentRecord? {
        try await asking { () async throws(QueryError) in
            try await desk.registeredAttachment(id)
        }
    }

    private static var keyReused: RPCError {
        RPCError(.keyReused, "the attachment's id was used for something else")
    }

    private static func reply(_ record: AttachmentRecord) -> Docket_V1_UploadReply {
        .with { $0.attachment = record.attachment.message }
    }

    package func getUpload(
        _ call: Docket_V1_GetUploadCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetUploadReply {
        let id: AttachmentID = try identifier(call.attachmentID, "attachment_id")
        guard let principal = try context.principal.id else { return Docket_V1_GetUploadReply() }
        if let record = try await registered(id), record.uploader == principal {
            return .with {
                $0.received = record.attachment.size
                $0.attachment = record.attachment.message
            }
        }
        let key = UploadKey(principal: principal, attachment: id)
        let received = try await onDisk { () throws(AttachmentFault) in try files.received(key) }
        return .with { $0.received = received }
    }

    // MARK: Downloading

    package func download(
        _ call: Docket_V1_DownloadCall,
        replies: ReplyWriter<Docket_V1_DownloadReply>,
        context: CallContext
    ) async throws(RPCError) {
        let id: AttachmentID = try identifier(call.attachmentID, "attachment_id")
        let principal = try context.principal
        let attachment = try await asking { () async throws(QueryError) in
            try await desk.attachment(id, for: principal)
        }
        guard call.offset <= attachment.size else {
            throw RPCError(AttachmentFault.offsetMismatch(received: attachment.size))
        }
        var reply = Docket_V1_DownloadReply()
        reply.attachment = attachment.message
        var offset = call.offset
        repeat {
            let block = try await block(of: attachment, from: offset)
            offset += UInt64(block.count)
            var rest = block[...]
            repeat {
                reply.data = rest.prefix(UploadHead.chunkBytes)
                rest = rest.dropFirst(UploadHead.chunkBytes)
                try await replies.write(reply)
                reply.clearAttachment()
            } while !rest.isEmpty
        } while offset < attachment.size
    }

    /// The next bytes of a content; some, unless it is at its end.
    private func block(
        of attachment: Attachment,
        from offset: UInt64
    ) async throws(RPCError) -> Data {
        let block = try await onDisk { () throws(AttachmentFault) in
            try files.read(attachment.sha256, from: offset, count: Self.blockBytes)
        }
        guard !block.isEmpty || offset >= attachment.size else {
            throw RPCError(AttachmentFault.failed("the content is shorter than it was"))
        }
        return block
    }

    // MARK: The disk

    /// Does something with files on a thread that may wait; throws what the call is answered.
    private func onDisk<Result: Sendable>(
        _ body: @escaping @Sendable () throws(AttachmentFault) -> Result
    ) async throws(RPCError) -> Result {
        do throws(AttachmentFault) {
            return try await desk.onFileThread(body)
        } catch {
            throw RPCError(error)
        }
    }

    /// Removes the uploads that nobody goes on with.
    package func removeAbandoned() async {
        let moment = clock.now() + (.zero - AttachmentFiles.abandonedAfter)
        await desk.onFileThread { _ = files.removeAbandoned(before: moment) }
    }

    /// Removes the contents that no attachment has had for a time, one after another, so that no
    /// upload waits for more than one.
    ///
    /// What cannot be removed or forgotten now is left for the next time, and so is what is left
    /// when the task is cancelled.
    package func removeDiscarded() async {
        while let removal = try? await desk.dueRemoval(at: clock.now()), !removal.contents.isEmpty {
            var settled = removal
            settled.contents = []
            for content in removal.contents where !Task.isCancelled {
                let isSettled = try? await settle(content, unless: [.named])
                if isSettled == true { settled.contents.append(content) }
            }
            guard await desk.forget(settled), settled == removal else { return }
        }
    }

    /// Removes a content unless it is held or has one of these uses; gives whether that is settled.
    private func settle(
        _ sha256: [UInt8],
        unless uses: [ContentUse]
    ) async throws(AttachmentFault) -> Bool {
        try await desk.onFileThread { () throws(AttachmentFault) in
            try files.settle(sha256) { () throws(AttachmentFault) in
                do throws(StoreError) {
                    return uses.contains(try desk.use(ofContent: sha256))
                } catch {
                    throw .failed("the store cannot be read")
                }
            }
        }
    }

    /// Removes abandoned uploads and contents without use, again and again until
    /// the task is cancelled.
    package func keepHouse() async {
        while !Task.isCancelled {
            await removeAbandoned()
            await removeDiscarded()
            do {
                try await Task.sleep(for: Self.housekeeping)
            } catch {
                return
            }
        }
    }
}

extension RPCError {
    /// Why the content of an attachment was not written or read.
    init(_ fault: AttachmentFault) {
        switch fault {
        case .full:
            self.init(.diskFull, "the disk has no room for the file", retryAfter: .seconds(1))
        case .noDescriptor:
            self.init(
                .overloaded,
                "the server has too many files and connections open",
                retryAfter: .seconds(1)
            )
        case .missing: self.init(.serverError, "the content of the attachment is not there")
        case .failed: self.init(.serverError, "the content cannot be written or read")
        case .offsetMismatch(let received):
            self.init(
                .offsetMismatch,
                "the data have to begin at \(received)",
                trailers: [.text("offset", "\(received)")]
            )
        case .sizeMismatch: self.init(.sizeMismatch, "the data are not as many as was announced")
        case .superseded: self.init(.uploadSuperseded, "another call goes on with the upload")
        case .tooManyUploads(let limit):
            self.init(
                .tooManyUploads,
                "a principal has at most \(limit) unfinished uploads",
                trailers: [.text("limit", "\(limit)")]
            )
        }
    }
}
