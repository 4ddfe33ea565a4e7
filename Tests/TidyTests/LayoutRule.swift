/// Every file of Swift has its place, and every place is built.
enum LayoutRule {
    /// What the manifest declares.
    struct Manifest: Equatable, Sendable {
        /// The targets, by name, with the folder that each one's sources lie in.
        var folders: [String: String] = [:]
    }

    /// Reads the targets of a manifest: one begins at `.target(`, `.executableTarget(` or
    /// `.testTarget(` and says its `name:` first and perhaps a `path:`.
    static func manifest(_ file: TextFile) -> Manifest {
        var manifest = Manifest()
        let kinds = [
            (".target(", "Sources/"), (".executableTarget(", "Sources/"),
            (".testTarget(", "Tests/"),
        ]
        for (kind, folder) in kinds {
            for part in file.text.split(separator: kind, omittingEmptySubsequences: false)
                .dropFirst()
            {
                let declaration = part.untilNextTarget
                guard let name = declaration.text(after: "name:") else { continue }
                manifest.folders[name] = declaration.text(after: "path:") ?? folder + name
            }
        }
        return manifest
    }

    /// Reports folders with files of Swift that no target builds.
    static func homeless(in repository: Repository) -> [Finding] {
        guard let file = repository.file("Package.swift") else {
            return [Finding(path: "Package.swift", line: 1, advice: "add the manifest")]
        }
        let folders = manifest(file).folders.values
        let homeless = repository.files.filter { candidate in
            candidate.kind == .swift && candidate.path != file.path
                && !folders.contains { candidate.lies(in: $0) }
        }
        let first = Dictionary(homeless.map { ($0.folder, $0) }) { first, _ in first }
        return first.values.sorted { $0.path < $1.path }.map {
            $0.finding(at: 0, "add a target with the folder \($0.folder) to Package.swift")
        }
    }

    /// Reports targets of the manifest without a file.
    static func empty(in repository: Repository) -> [Finding] {
        guard let file = repository.file("Package.swift") else { return [] }
        return manifest(file).folders.sorted { $0.key < $1.key }.compactMap { name, folder in
            if repository.has(folder) { return nil }
            let index = file.lines.firstIndex { $0.contains("\"\(name)\"") } ?? 0
            return file.finding(at: index, "remove the target \(name): \(folder) has no files")
        }
    }

    /// Reports libraries that the manifest takes and no file imports.
    static func idleLibraries(in repository: Repository) -> [Finding] {
        guard let file = repository.file("Package.swift") else { return [] }
        let imported = Set(
            repository.files.filter { $0.kind == .swift && $0.path != file.path }
                .flatMap(ImportRule.imports).map(\.statement.module)
        )
        let taken = file.text.split(separator: ".product(", omittingEmptySubsequences: false)
            .dropFirst().compactMap { $0.text(after: "name:") }
        return Set(taken).subtracting(imported).sorted().map { name in
            let index = file.lines.firstIndex { $0.contains("\"\(name)\"") } ?? 0
            return file.finding(at: index, "remove the library \(name): no file imports it")
        }
    }
}

extension Substring {
    /// The text up to where the next target of a manifest begins.
    fileprivate var untilNextTarget: Substring {
        [".target(", ".executableTarget(", ".testTarget("].reduce(self) { text, kind in
            text.firstRange(of: kind).map { text[..<$0.lowerBound] } ?? text
        }
    }

    /// The literal that follows a label.
    fileprivate func text(after label: String) -> String? {
        guard let range = firstRange(of: label) else { return nil }
        let parts = self[range.upperBound...].split(
            separator: "\"",
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, parts[0].allSatisfy(\.isWhitespace) else { return nil }
        return String(parts[1])
    }
}
