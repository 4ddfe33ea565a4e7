import Testing

@testable import docketd

@Suite("Settings are the text that somebody wrote")
struct SettingsTests {
    private func read(_ yaml: String) throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        try configuration.read(yaml: yaml, file: "docket.yaml")
        return configuration
    }

    @Test(
        "A blank value is not set",
        arguments: [
            "data:", "data: ", "data: ''", "data: \"\"", "data: '  '", "data: # later",
            "policy:", "certificate: ''", "threads:", "maximum_store_bytes: ", "", "# nothing",
        ]
    )
    func blank(_ yaml: String) throws {
        #expect(try read(yaml) == ServerConfiguration())
    }

    @Test("A blank variable and a blank flag are not set")
    func blankElsewhere() throws {
        var configuration = ServerConfiguration()
        try configuration.read(environment: ["DOCKET_DATA": "", "DOCKET_THREADS": " "])
        try configuration.read(flags: ["data": "", "policy": nil])
        #expect(configuration == ServerConfiguration())
    }

    @Test(
        "A value is read as it is written, whatever YAML would make of it",
        arguments: [
            "2026-11-28", "yes", "no", "on", "1e3", "~", "null", "0x10", "1_000", "010", "true",
            ".inf", "12:30:45", "1.10",
        ]
    )
    func text(_ value: String) throws {
        #expect(try read("data: \(value)").data == value)
        #expect(try read("policy: '\(value)'").policy == value)
    }

    @Test(
        "A number is decimal digits",
        arguments: ["0x4", "1e1", "4.0", "4_0", "four", "+", "[4]", "{a: 4}"]
    )
    func numbers(_ value: String) {
        #expect(throws: ServerConfiguration.Fault.self) { try read("threads: \(value)") }
    }

    @Test(
        "A fault is told in words, with its place",
        arguments: [
            ("data: [", "docket.yaml is not YAML: line"), ("- data", "one 'key: value' per line"),
            ("data: {a: b}", "data takes one value"), ("colour: red", "unknown setting 'colour'"),
            ("data: a\ndata: b", "given twice"),
        ]
    )
    func faults(_ yaml: String, _ words: String) {
        do {
            _ = try read(yaml)
            Issue.record("\(yaml) was taken")
        } catch {
            let told = "\(error)"
            #expect(told.contains(words), "\(told)")
            #expect(!told.contains("Error") && !told.contains("\n"))
        }
    }

    @Test("Variables of other programs are left alone, and unknown ones are kept to be named")
    func variables() throws {
        var configuration = ServerConfiguration()
        try configuration.read(environment: [
            "DOCKET_SEED": "1", "DOCKET_UPDATE_GOLDEN": "1", "DOCKET_DATE": "x", "PATH": "/bin",
            "DOCKET_LISTEN": "127.0.0.1:1",
        ])
        #expect(configuration.unknownVariables == ["DOCKET_DATE"])
        #expect(configuration.listen == "127.0.0.1:1")
    }

    @Test("A variable of ours that is not UTF-8 is refused by name, and others are not read")
    func encoding() throws {
        let latin: [UInt8] = [0xE4, 0]
        let good = Array("DOCKET_DATA=a=b\0DOCKET_EMPTY=\0OTHER=".utf8) + latin
        #expect(
            try ProcessEnvironment.variables(in: good) == [
                "DOCKET_DATA": "a=b", "DOCKET_EMPTY": "",
            ]
        )
        do {
            _ = try ProcessEnvironment.variables(in: Array("DOCKET_POLICY=".utf8) + latin)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)" == "the environment variable DOCKET_POLICY is not UTF-8 text")
        }
    }

    @Test("A line of the log has the date, the time and the zone")
    func time() {
        let time = LogLine.time
        #expect(
            time.wholeMatch(of: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/) != nil,
            "\(time)"
        )
    }
}
