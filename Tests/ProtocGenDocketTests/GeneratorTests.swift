import DocketMessages
import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_docket

@Suite("The generator")
struct GeneratorTests {
    private static let all: [(name: String, input: Bool, output: Bool)] = [
        ("Unary", false, false), ("Output", false, true), ("Input", true, false),
        ("Both", true, true), ("Prompt", false, false),
    ]

    @Test("writes callers, a server protocol and a registration", arguments: ["small.calls.swift"])
    func callers(name: String) throws {
        let file = Self.file(methods: Self.all.map { Self.method($0.name, $0.input, $0.output) })
        let outputs = try Plugin.outputs(of: [file], parameters: ["Messages": "SmallMessages"])
        #expect(outputs.map(\.name) == [name])
        try Self.expect(outputs[0].contents, toMatchGolden: name)
    }

    @Test("writes the table of all methods for programs and for people")
    func table() throws {
        let file = Self.file(methods: Self.all.map { Self.method($0.name, $0.input, $0.output) })
        let outputs = try Plugin.outputs(of: [file], parameters: ["Table": "true"])
        #expect(outputs.map(\.name) == ["small.calls.swift", "MethodTable.swift", "METHODS.md"])
        #expect(!outputs[0].contents.contains("import SmallMessages"))
        try Self.expect(outputs[1].contents, toMatchGolden: outputs[1].name)
        try Self.expect(outputs[2].contents, toMatchGolden: outputs[2].name)
    }

    @Test("writes nothing for a file without services")
    func empty() throws {
        let set = DescriptorSet(protos: [.with { $0.name = "empty.proto" }])
        let file = try #require(set.files.first)
        #expect(try Plugin.outputs(of: [file], parameters: [:]).isEmpty)
    }

    @Test("refuses a method that does not say who may call it")
    func noCallers() {
        let file = Self.file(methods: [Self.method("Open", false, false, callers: [])])
        let mistake = #expect(throws: Plugin.Mistake.self) {
            try Plugin.outputs(of: [file], parameters: [:])
        }
        #expect(mistake?.description == "small.Small/Open does not say who may call it")
    }

    @Test("refuses a caller that it does not know", arguments: [0, 99])
    func unknownCaller(number: Int) {
        let caller = Docket_V1_Caller(rawValue: number) ?? .unspecified
        let file = Self.file(methods: [Self.method("Open", false, false, callers: [caller])])
        let mistake = #expect(throws: Plugin.Mistake.self) {
            try Plugin.outputs(of: [file], parameters: [:])
        }
        #expect(mistake?.description == "small.Small/Open names an unknown caller")
    }

    @Test("refuses a stream whose handler is to be prompt")
    func promptStream() {
        let file = Self.file(methods: [Self.method("Prompt", false, true)])
        let mistake = #expect(throws: Plugin.Mistake.self) {
            try Plugin.outputs(of: [file], parameters: [:])
        }
        #expect(mistake?.description == "small.Small/Prompt is a stream, which is never prompt")
    }

    @Test("refuses two methods with one hash, whatever files they stand in")
    func collision() {
        let files = [("test", "S", "UaZs"), ("test", "S", "mGnA")].map { package, service, name in
            Self.file(
                package: package,
                service: service,
                methods: [Self.method(name, false, false)]
            )
        }
        let mistake = #expect(throws: Plugin.Mistake.self) {
            try Plugin.outputs(of: files, parameters: [:])
        }
        #expect(
            mistake?.description
                == "test.S/UaZs and test.S/mGnA have the same hash 0xe5af0b16: rename one"
        )
    }

    // MARK: Descriptors

    private static func method(
        _ name: String,
        _ input: Bool,
        _ output: Bool,
        callers: [Docket_V1_Caller] = [.contact, .agent]
    ) -> Google_Protobuf_MethodDescriptorProto {
        .with {
            $0.name = name
            $0.inputType = ".small.Question"
            $0.outputType = ".small.Answer"
            $0.clientStreaming = input
            $0.serverStreaming = output
            $0.options.Docket_V1_rules.callers = callers
            $0.options.Docket_V1_rules.prompt = name == "Prompt"
            if name == "Output" { $0.options.Docket_V1_rules.defaultTimeoutMilliseconds = 2_500 }
        }
    }

    private static func file(
        package: String = "small",
        service: String = "Small",
        methods: [Google_Protobuf_MethodDescriptorProto]
    ) -> FileDescriptor {
        let messages = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "messages.proto"
            $0.package = "small"
            $0.syntax = "proto3"
            $0.messageType = ["Question", "Answer"].map { name in .with { $0.name = name } }
        }
        let services = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "some/folder/\(service.lowercased()).proto"
            $0.package = package
            $0.syntax = "proto3"
            $0.dependency = ["messages.proto"]
            $0.service = [
                .with {
                    $0.name = service
                    $0.method = methods
                }
            ]
            $0.sourceCodeInfo.location = [comment(" A small service.\n", path: [6, 0])]
            $0.sourceCodeInfo.location += methods.indices.map { index in
                comment(" Does one thing.\n It does it well.\n", path: [6, 0, 2, Int32(index)])
            }
        }
        return DescriptorSet(protos: [messages, services]).files[1]
    }

    private static func comment(
        _ text: String,
        path: [Int32]
    ) -> Google_Protobuf_SourceCodeInfo.Location {
        .with {
            $0.path = path
            $0.leadingComments = text
        }
    }

    // MARK: Golden files

    /// Compares with a file under review.
    ///
    /// `DOCKET_UPDATE_GOLDEN=1` writes it instead.
    private static func expect(_ text: String, toMatchGolden name: String) throws {
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["DOCKET_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: golden)
        }
        let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
        let differences = text.split(separator: "\n", omittingEmptySubsequences: false)
            .difference(from: expected.split(separator: "\n", omittingEmptySubsequences: false))
        #expect(differences.isEmpty, "\(name) differs from its golden file")
    }
}
