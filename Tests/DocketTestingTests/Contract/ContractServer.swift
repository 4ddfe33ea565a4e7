import DocketCalls
import DocketClient
import DocketMessages
import DocketRPC
import DocketTesting
import Foundation
import SwiftProtobuf

/// A server that is held to the contract, as the suite reaches it.
protocol ContractServer: AnyObject, Sendable {
    /// A connection that acts as nobody.
    func connect() throws -> any CallChannel
    /// What a new agent signs in with.
    func addAgent(_ name: String) async throws -> Docket_V1_SignInCall
    /// What a new integration of a channel signs in with.
    func addIntegration(_ name: String, of channel: String) async throws -> Docket_V1_SignInCall
    /// Lets so much time pass in which nothing is sent that feeds beat.
    func passSilence()
    /// Refuses the next post for want of room, and perhaps more until `makeRoom()`.
    func fill()
    /// Takes commands again.
    func makeRoom()
}

/// The servers that are held to the contract.
enum Subject: String, CaseIterable, Sendable {
    /// The test kit's model.
    case model
    /// The desk with its services, as `docketd` puts them together, within the process.
    case desk

    /// A server to which nothing has happened.
    func start() throws -> any ContractServer {
        switch self {
        case .model: ModelSubject()
        case .desk: try DeskSubject()
        }
    }
}

/// The model as a subject.
final class ModelSubject: ContractServer {
    private let server = ModelServer()

    func connect() -> any CallChannel {
        InProcessTransport(router: server.router, clock: server.clock)
    }

    func addAgent(_ name: String) -> Docket_V1_SignInCall {
        guard case .login(let login, let password) = server.addAgent(name: name) else {
            return Docket_V1_SignInCall()
        }
        return .with {
            $0.login.login = login
            $0.login.password = password
        }
    }

    func addIntegration(_ name: String, of channel: String) -> Docket_V1_SignInCall {
        guard case .apiKey(let key) = server.addIntegration(name: name, channel: channel) else {
            return Docket_V1_SignInCall()
        }
        return .with { $0.apiKey = key }
    }

    func passSilence() {
        server.clock.advance(by: .seconds(20))
    }

    func fill() {
        server.refuse(.post, with: .init(reason: "disk_full", message: "", particulars: ""))
    }

    func makeRoom() {}
}
