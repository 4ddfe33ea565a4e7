import DocketRPC
import DocketTestSupport
import Testing

@Suite("The transport within the process")
struct InProcessConformanceTests {
    @Test("does what every transport does", arguments: ConformanceCase.all)
    func conformance(conformanceCase: ConformanceCase) async throws {
        try await conformanceCase.run(over: InProcessConformance())
    }
}
