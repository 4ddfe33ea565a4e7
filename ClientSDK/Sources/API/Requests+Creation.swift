internal import DocketCalls
internal import DocketMessages
internal import DocketRPC

extension Requests {
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
