internal import DocketClient

extension DocketClient {
    /// Says that the caller looks at a request, where the caller has it and has not yet looked.
    ///
    /// Whoever shows or answers a request has looked at it: the policy may move it on by that.
    ///
    /// - Parameter request: The request.
    /// - Returns: The request, as it is after the look.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func look(at request: SupportRequest) async throws(DocketClientError) -> SupportRequest {
        guard let reader = identity?.party.id, request.assignee?.id == reader,
            request.details.viewedByAssigneeAt == nil
        else { return request }
        return try await requests.view(request.id)
    }
}
