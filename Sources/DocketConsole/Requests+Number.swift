public import DocketClient

extension Requests {
    /// The request that people call by a number; a refusal says which number there is not.
    public func numbered(_ number: UInt64) async throws(DocketClientError) -> SupportRequest {
        do throws(DocketClientError) {
            return try await get(number: number)
        } catch {
            throw error.about(request: number)
        }
    }
}

extension DocketClientError {
    /// The same error, which names the request where it is about one that is not found.
    func about(request number: UInt64) -> DocketClientError {
        guard let refusal, refusal.reason == "not_found" else { return self }
        return DocketClientError(code, "There is no request \(number)", refusal: refusal)
    }
}
