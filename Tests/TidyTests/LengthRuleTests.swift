import Testing

@Suite("Lines and functions are short")
struct LengthRuleTests {
    private func swift(_ text: String) -> TextFile {
        TextFile(path: "Sources/Hall/Sample.swift", text: text)
    }

    private func function(lines: Int) -> String {
        "func long() {\n" + String(repeating: "    work()\n", count: lines - 2) + "}\n"
    }

    @Test("No line of the repository's programs is too long")
    func repositoryLines() throws {
        try expectEveryFileKeeps(LengthRule.longLines)
    }

    @Test("No function of the repository is too long")
    func repositoryFunctions() throws {
        try expectEveryFileKeeps { LengthRule.longFunctions(in: $0) }
        try expectRepositoryKeeps { LengthRule.staleEntries(in: $0) }
    }

    @Test("The model of the contract is short enough to be read at one sitting")
    func repositoryModel() throws {
        try expectRepositoryKeeps { LengthRule.longModel(in: $0) }
    }

    @Test("A line of 101 columns is found, one of 100 is not")
    func columns() {
        let line = String(repeating: "é", count: 100)
        #expect(LengthRule.longLines(in: swift("\(line)\n")) == [])
        #expect(LengthRule.longLines(in: swift("short\n\(line)x\n")).map(\.line) == [2])
    }

    @Test("Generated files and addresses may have long lines")
    func exempt() {
        let line = String(repeating: "x", count: 101)
        #expect(LengthRule.longLines(in: swift("// Do not edit.\n\(line)\n")) == [])
        #expect(LengthRule.longLines(in: swift("// https://\(line)\n")) == [])
    }

    @Test("A function of 71 lines is found, one of 70 is not")
    func lines() {
        #expect(LengthRule.longFunctions(in: swift(function(lines: 70))) == [])
        #expect(LengthRule.longFunctions(in: swift(function(lines: 71))).map(\.line) == [1])
    }

    @Test("The ratchet holds a long function where it is and asks to be lowered")
    func ratchet() {
        let key = "Sources/Hall/Sample.swift long"
        let file = swift(function(lines: 80))
        #expect(LengthRule.longFunctions(in: file, ratchet: [key: 80]) == [])
        #expect(LengthRule.longFunctions(in: file, ratchet: [key: 79]).count == 1)
        let lowered = LengthRule.longFunctions(in: file, ratchet: [key: 81])
        #expect(lowered.map(\.advice).first?.hasPrefix("lower the entry") == true)
    }

    @Test("An entry of the ratchet without a function is found")
    func stale() throws {
        let repository = try Repository.current.get()
        #expect(
            LengthRule.staleEntries(in: repository, ratchet: ["Nowhere.swift gone": 71]).count == 1
        )
    }

    @Test("Swift's functions are found with their ends")
    func swiftFunctions() {
        let file = swift(
            """
            protocol Door { func open() throws }
            struct Hall {
                @inlinable package static func walk<Step>(
                    steps: [Step] = { [] }(), to door: () -> Void
                ) async throws
                    -> Int
                {
                    let text = "} \\(count { $0 }) {"
                    return 1
                }
                init?(_ value: Int) { nil }
                subscript(index: Int) -> Int { index }
                deinit {
                    // }
                }
            }
            """
        )
        #expect(
            FunctionFinder.functions(in: file) == [
                FunctionExtent(name: "walk", firstLine: 2, lastLine: 9),
                FunctionExtent(name: "init", firstLine: 10, lastLine: 10),
                FunctionExtent(name: "subscript", firstLine: 11, lastLine: 11),
                FunctionExtent(name: "deinit", firstLine: 12, lastLine: 14),
            ]
        )
    }

    @Test("C's functions are found with their ends")
    func cFunctions() {
        let file = TextFile(
            path: "Sources/COpenSSL/sample.c",
            text: """
                int declared(int one);
                typedef struct room {
                    int size;
                } room;
                static int *find(
                    room *one) {
                    if (one) { return 0; }
                    return 0;
                }
                """
        )
        #expect(
            FunctionFinder.functions(in: file) == [
                FunctionExtent(name: "find", firstLine: 4, lastLine: 8)
            ]
        )
    }

    @Test("Python's functions are found with their ends")
    func pythonFunctions() {
        let file = TextFile(
            path: "Scripts/sample.py",
            text: """
                class Room:
                    def open(
                        self,
                    ) -> None:
                        pass

                    async def close(self):
                        pass
                value = 1
                """
        )
        #expect(
            FunctionFinder.functions(in: file) == [
                FunctionExtent(name: "open", firstLine: 1, lastLine: 4),
                FunctionExtent(name: "close", firstLine: 6, lastLine: 7),
            ]
        )
    }
}
