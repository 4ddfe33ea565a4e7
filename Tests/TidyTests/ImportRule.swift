/// Who may import whom, and how an import is written.
struct ImportRule: Sendable {
    /// One import of a file.
    struct Import: Equatable, Sendable {
        /// The module.
        var module: String
        /// Whether the import says who may see it.
        var hasAccessLevel: Bool
        /// Whether what is public may name the module's types.
        var isPublic = false
    }

    private let rooms: [Room]
    private let byName: [String: Room]

    init(_ rooms: [Room]) {
        self.rooms = rooms
        byName = Dictionary(rooms.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Reports imports that no arrow allows, and code that is in no room.
    func forbidden(in file: TextFile) -> [Finding] {
        guard file.kind == .swift, file.lies(in: "Sources", "ClientSDK", "Examples") else {
            return []
        }
        guard let room = rooms.first(where: { file.lies(in: $0.folder) }) else {
            return [
                file.finding(at: 0, "add the target to `house` in Tests/TidyTests/Arrows.swift")
            ]
        }
        let allowed = reach(of: room).union(room.libraries)
        return Self.imports(of: file).compactMap { index, statement in
            if allowed.contains(statement.module) { return nil }
            return file.finding(
                at: index,
                "\(room.name) may not import \(statement.module): ARCHITECTURE.md draws no such "
                    + "arrow. Move the code to where the arrow is"
            )
        }
    }

    /// Reports imports of product code that do not say who may see them.
    func bare(in file: TextFile) -> [Finding] {
        guard file.kind == .swift, file.lies(in: "Sources", "ClientSDK", "Examples") else {
            return []
        }
        return Self.imports(of: file).compactMap { index, statement in
            if statement.hasAccessLevel { return nil }
            return file.finding(
                at: index,
                "write `internal import \(statement.module)`, or `package import` where its types "
                    + "are part of what the file declares for other targets"
            )
        }
    }

    /// What the client library may name in public: loggers are everybody's, and are handed in.
    private static let sharedModules: Set<String> = ["Logging"]

    /// Reports imports that let the client library's public declarations name types of others.
    func exported(in file: TextFile) -> [Finding] {
        guard file.kind == .swift, file.lies(in: "ClientSDK/Sources") else { return [] }
        return Self.imports(of: file).compactMap { index, statement in
            guard statement.isPublic, !Self.sharedModules.contains(statement.module) else {
                return nil
            }
            return file.finding(
                at: index,
                "the library has models of its own: copy what \(statement.module) says into one"
            )
        }
    }

    /// The imports of a file, with their lines from 0.
    static func imports(of file: TextFile) -> [(index: Int, statement: Import)] {
        file.code.enumerated().compactMap { index, line in
            parse(line).map { (index, $0) }
        }
    }

    private static func parse(_ line: String) -> Import? {
        guard line.contains("import ") else { return nil }
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"),
            words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains(String($0)) }),
            var module = words[(place + 1)...].first
        else { return nil }
        if declarationKinds.contains(String(module)), place + 2 < words.count {
            module = words[place + 2]
        }
        return Import(
            module: String(module.prefix { $0 != "." && $0 != ";" }),
            hasAccessLevel: words[..<place].contains { accessLevels.contains(String($0)) },
            isPublic: words[..<place].contains("public")
        )
    }

    /// The parts of the house that a room may import: its arrows and what lies behind them, up to
    /// the walls.
    private func reach(of room: Room) -> Set<String> {
        var reached: Set<String> = [room.name]
        var waiting = room.arrows
        while let name = waiting.popLast() {
            guard reached.insert(name).inserted, let next = byName[name], !next.isWall
            else { continue }
            waiting += next.arrows
        }
        return reached.filter { byName[$0]?.isHandedOn != false || room.arrows.contains($0) }
    }

    private static let accessLevels: Set<String> = [
        "public", "package", "internal", "private", "fileprivate",
    ]
    private static let declarationKinds: Set<String> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
}
