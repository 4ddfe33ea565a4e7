import DocketCrypto
import Testing

@Suite("Plentiful randomness")
struct PlentifulRandomTests {
    @Test("Its numbers differ, also beyond those that are drawn at a time")
    func numbers() throws {
        var random = PlentifulRandom(from: try SecureRandom())
        var numbers: Set<UInt64> = []
        for _ in 0..<1_000 { numbers.insert(random.next()) }
        #expect(numbers.count == 1_000)
    }
}
