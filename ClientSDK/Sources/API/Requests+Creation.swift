internal import DocketCalls
internal import DocketMessages
internal import DocketRPC

extension Requests {
    /// Opens a request on purpose: it is kept when this returns, and opened as soon as that is
    /// possible.
    ///
    /// It never waits for the network, and requests do not wait for each other. A client with a
    /// profile keeps it on disk, so that it survives the end of the process and of the machine's
    /// power; one without keeps it until it is closed. `DocketClient.outbox` shows what waits.
    ///
    /// The draft's files are not kept: they were uploaded before, and the server forgets one that
    /// nothing names after 24 hours.
    ///
    /// - Parameters:
    ///   - draft: What to open.
    ///   - id: The request's id.
    /// - Returns: The request to be, whose outcome can be waited for.
    /// - Throws: Why it is not kept; then nothing is sent.
    public func send(
        _ draft: RequestDraft,
        id: RequestID = RequestID()
    ) async throws(EnqueueError) -> PendingRequest {
        try MessageLimits.largest.check(
            text: draft.text,
            title: draft.title,
            attachments: draft.attachments.count
        )
        let call = Docket_V1_CreateRequestCall(draft, id: id)
        return try await client.runner.queue(id, in: Lane(id), .request, call).request
    }

    /// Opens a request on purpose.
    ///
    /// The call is repeated with the request's id over reconnections, so one request is opened
    /// however often it is sent. After `outcomeUnknown` create the same draft with the same id
    /// again to learn what became of it.
    ///
    /// - Parameters:
    ///   - draft: What to open.
    ///   - id: The request's id.
    ///   - limit: How long to try.
    /// - Returns: The request.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal, such as
    ///   `missing_fields`, which names everything that the desk's policy asks for.
    public func create(
        _ draft: RequestDraft,
        id: RequestID = RequestID(),
        within limit: Duration = DocketClient.defaultLimit
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_CreateRequestCall(draft, id: id)
        return try await changed(within: limit) { (requests, options) async throws(RPCError) in
            try await requests.create(call, options: options)
        }
    }
}
