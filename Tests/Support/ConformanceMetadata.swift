internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// What goes with a call beside its messages.
extension ConformanceCase {
    private static let entries: Metadata = [
        Metadatum(key: "x-test-initial", value: Array("test_initial_metadata_value".utf8)),
        Metadatum(key: "x-test-bin", value: Array(0...255)),
        Metadatum(key: "x-test-bin", value: []),
        Metadatum(key: String(repeating: "k", count: 64), value: Array(repeating: 7, count: 4_096)),
    ]

    static let metadata: [ConformanceCase] = [
        ConformanceCase("custom_metadata: a unary call's metadata reaches the handler") { bench in
            let reply = try await bench.caller.unaryCall(
                Docket_Test_UnaryCallCall(),
                options: CallOptions(metadata: entries)
            )
            #expect(reply.metadata.map(\.metadatum) == entries)
        },
        ConformanceCase("custom_metadata: trailers follow a stream that succeeds") { bench in
            let call = bench.caller.fullDuplexCall(options: CallOptions(metadata: entries))
            try await call.writer.write(.asking(for: 1))
            call.writer.end()
            while try await call.replies.next() != nil {}
            #expect(call.replies.trailers == entries)
        },
        ConformanceCase("custom_metadata: trailers follow a call that fails") { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.fail(
                    .with {
                        $0.reason = "version_conflict"
                        $0.trailers = entries.map(Docket_Test_Entry.init)
                    }
                )
            }
            #expect(error?.trailers == entries)
        },
        ConformanceCase("Metadata that breaks its limits is refused") { bench in
            let tooMany = (0...32).map { Metadatum(key: "entry\($0)", value: []) }
            let refused: [Metadata] = [
                [Metadatum(key: "Upper", value: [])], [Metadatum(key: "", value: [])],
                [Metadatum(key: String(repeating: "k", count: 65), value: [])],
                [Metadatum(key: "long", value: Array(repeating: 0, count: 4_097))], tooMany,
            ]
            for metadata in refused {
                let error = await failure { () async throws(RPCError) in
                    try await bench.caller.emptyCall(
                        Docket_Test_Empty(),
                        options: CallOptions(metadata: metadata)
                    )
                }
                #expect(error?.reason == .invalidMetadata)
                #expect(error?.isNotProcessed == true)
            }
        },
    ]
}
