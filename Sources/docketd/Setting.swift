/// One setting: its name, where the configuration keeps it, and what it may be.
struct Setting: Sendable {
    /// A place in the configuration.
    typealias Path<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    /// Where a setting of one kind is kept, with what it may be.
    enum Place: Sendable {
        /// Any text.
        case text(Path<String>)
        /// Any text, or nothing.
        case optionalText(Path<String?>)
        /// One of some words.
        case choice(Path<String>, of: [String])
        /// A number of a range.
        case number(Path<Int>, in: ClosedRange<Int>)
        /// A number of a range, or nothing.
        case optionalNumber(Path<Int?>, in: ClosedRange<Int>)
    }

    /// The name in the file.
    let name: String
    /// Where it is kept.
    let place: Place

    init(_ name: String, _ place: Place) {
        self.name = name
        self.place = place
    }

    /// The name in the environment.
    var environmentName: String { "DOCKET_" + name.uppercased() }

    /// What the setting may be, where not any text will do.
    var allowed: String? {
        switch place {
        case .text, .optionalText: nil
        case .choice(_, let words): words.joined(separator: ", ")
        case .number(_, let range), .optionalNumber(_, let range):
            "\(range.lowerBound) to \(range.upperBound)"
        }
    }

    /// The setting's value in a configuration; `nil` where it is not set.
    func value(in configuration: ServerConfiguration) -> String? {
        switch place {
        case .text(let path), .choice(let path, _): configuration[keyPath: path]
        case .optionalText(let path): configuration[keyPath: path]
        case .number(let path, _): "\(configuration[keyPath: path])"
        case .optionalNumber(let path, _): configuration[keyPath: path].map { "\($0)" }
        }
    }

    /// Takes the setting from a text; a blank one is not set.
    func set(
        _ text: String,
        in configuration: inout ServerConfiguration
    ) throws(ServerConfiguration.Fault) {
        if text.allSatisfy(\.isWhitespace) { return }
        switch place {
        case .text(let path): configuration[keyPath: path] = text
        case .optionalText(let path): configuration[keyPath: path] = text
        case .choice(let path, let words):
            guard words.contains(text) else { throw fault("'\(text)' is not one of") }
            configuration[keyPath: path] = text
        case .number(let path, let range):
            configuration[keyPath: path] = try number(text, in: range)
        case .optionalNumber(let path, let range):
            configuration[keyPath: path] = try number(text, in: range)
        }
    }

    private func number(
        _ text: String,
        in range: ClosedRange<Int>
    ) throws(ServerConfiguration.Fault) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw fault("'\(text)' is not a number from")
        }
        return number
    }

    private func fault(_ problem: String) -> ServerConfiguration.Fault {
        ServerConfiguration.Fault(description: "\(name): \(problem) \(allowed ?? "")")
    }
}
