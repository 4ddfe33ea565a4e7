import Testing

@Suite("Every file has its place")
struct LayoutRuleTests {
    private let manifest = TextFile(
        path: "Package.swift",
        text: """
            .target(name: "Hall", dependencies: [.product(name: "NIOCore", package: "swift-nio")]),
            .executableTarget(
                name: "door", path: "Examples/door"),
            .testTarget(name: "HallTests"),
            """
    )

    private func swift(_ path: String) -> TextFile {
        TextFile(path: path, text: "let one = 1\n")
    }

    @Test("Every file of Swift in the repository is built")
    func repositoryFiles() throws {
        try expectRepositoryKeeps(LayoutRule.homeless)
    }

    @Test("Every target of the repository has files")
    func repositoryTargets() throws {
        try expectRepositoryKeeps(LayoutRule.empty)
    }

    @Test("Targets are read with their folders")
    func targets() {
        #expect(
            LayoutRule.manifest(manifest).folders == [
                "Hall": "Sources/Hall", "door": "Examples/door", "HallTests": "Tests/HallTests",
            ]
        )
    }

    @Test("A file that no target builds is found")
    func homeless() {
        let repository = Repository(files: [
            manifest, swift("Sources/Hall/A.swift"), swift("Sources/HallTwo/B.swift"),
            swift("Tests/HallTests/C.swift"), swift("Tests/D.swift"),
            swift("Examples/door/E.swift"),
        ])
        #expect(
            LayoutRule.homeless(in: repository).map(\.path) == [
                "Sources/HallTwo/B.swift", "Tests/D.swift",
            ]
        )
    }

    @Test("A target without files is found")
    func empty() {
        let repository = Repository(files: [
            manifest, swift("Sources/Hall/A.swift"), swift("Tests/HallTests/C.swift"),
        ])
        #expect(LayoutRule.empty(in: repository).map(\.line) == [3])
    }

    @Test("Every library that the repository takes is imported somewhere")
    func repositoryLibraries() throws {
        try expectRepositoryKeeps(LayoutRule.idleLibraries)
    }

    @Test("A library that nobody imports is found")
    func idleLibraries() {
        let user = TextFile(path: "Sources/Hall/A.swift", text: "internal import NIOCore\n")
        let idle = LayoutRule.idleLibraries(in: Repository(files: [manifest]))
        #expect(idle.map(\.line) == [1])
        #expect(LayoutRule.idleLibraries(in: Repository(files: [manifest, user])).isEmpty)
    }

    @Test("A repository without a manifest is found")
    func noManifest() {
        #expect(LayoutRule.homeless(in: Repository(files: [])).count == 1)
    }
}
