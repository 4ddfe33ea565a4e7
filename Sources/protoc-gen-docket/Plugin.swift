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
        var services: [Service] = []
        let parameters = Dictionary(parameter.parsedPairs.map { ($0.key, $0.value) }) { $1 }
        for file in files where !file.services.isEmpty {
            let own = try file.services.map(Service.init(descriptor:))
            let name = file.name.split(separator: "/").last?.split(separator: ".").first ?? "file"
            try generatorOutputs.add(
                fileName: "\(name).calls.swift",
                contents: SwiftFile(
                    source: file.name,
                    messages: parameters["Messages"],
                    services: own
                ).text
            )
            services += own
        }
        try Self.refuseCollisions(services.flatMap(\.methods))
        guard parameters["Table"] == "true" else { return }
        services.sort { $0.fullName < $1.fullName }
        let table = MethodTable(services: services)
        try generatorOutputs.add(fileName: "MethodTable.swift", contents: table.swift)
        try generatorOutputs.add(fileName: "METHODS.md", contents: table.markdown)
    }

    /// Two names with one hash could not be told apart on the wire.
    private static func refuseCollisions(_ methods: [ServiceMethod]) throws {
        let byHash = Dictionary(grouping: methods, by: \.hash)
        for (hash, same) in byHash where same.count > 1 {
            let names = same.map(\.fullName).joined(separator: " and ")
            throw Mistake(description: "\(names) have the same hash \(hash): rename one")
        }
    }
}
