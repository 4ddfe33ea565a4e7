internal import DocketMessages
internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// Writes callers, server protocols and the method table from the services of .proto files.
///
/// The parameter `Messages=MODULE` names the module of the messages, where it is not the one of the
/// callers. With `Table=true` it also writes `MethodTable.swift` and `METHODS.md`, which name the
/// methods of all files together.
@main
struct Plugin: CodeGenerator {
    /// What a mistake in a .proto file is called to its author.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] {
        [.proto3Optional]
    }

    var customOptionExtensions: [any AnyMessageExtension] { [Docket_V1_Extensions_rules] }

    func generate(
        files: [FileDescriptor],
        parameter: any CodeGeneratorParameter,
        protoCompilerContext: any ProtoCompilerContext,
        generatorOutputs: any GeneratorOutputs
    ) throws {
        let parameters = Dictionary(parameter.parsedPairs.map { ($0.key, $0.value) }) { $1 }
        for output in try Self.outputs(of: files, parameters: parameters) {
            try generatorOutputs.add(fileName: output.name, contents: output.contents)
        }
    }

    /// The files that are made of .proto files.
    static func outputs(
        of files: [FileDescriptor],
        parameters: [String: String]
    ) throws -> [(name: String, contents: String)] {
        var outputs: [(name: String, contents: String)] = []
        var services: [Service] = []
        for file in files where !file.services.isEmpty {
            let own = try file.services.map(Service.init(descriptor:))
            let name = file.name.split(separator: "/").last?.split(separator: ".").first ?? "file"
            let text = SwiftFile(
                source: file.name,
                messages: parameters["Messages"],
                services: own
            ).text
            outputs.append(("\(name).calls.swift", text))
            services += own
        }
        try refuseCollisions(services.flatMap(\.methods))
        guard parameters["Table"] == "true" else { return outputs }
        let table = MethodTable(services: services.sorted { $0.fullName < $1.fullName })
        return outputs + [("MethodTable.swift", table.swift), ("METHODS.md", table.markdown)]
    }

    /// Two names with one hash could not be told apart on the wire.
    private static func refuseCollisions(_ methods: [ServiceMethod]) throws {
        let byHash = Dictionary(grouping: methods, by: \.hash)
        for (hash, same) in byHash where same.count > 1 {
            let names = same.map(\.fullName).sorted().joined(separator: " and ")
            throw Mistake(description: "\(names) have the same hash \(hash): rename one")
        }
    }
}
