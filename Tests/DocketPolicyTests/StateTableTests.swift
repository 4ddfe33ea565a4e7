import DocketDomain
import DocketPolicy
import DocketTestSupport
import Testing

@Suite("The shipped policies as tables")
struct StateTableTests {
    @Test(
        "Statuses, transitions and what follows on what are those under review",
        arguments: PolicyDocument.presets
    )
    func tables(preset: PolicyPreset) throws {
        let policy = try PolicyDocument.parse(preset.text)
        try GoldenText("\(preset.name).txt").expect(StateTable(content: policy.content).text)
    }
}
