internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Glibc

/// A customer's chat client.
@main
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-chat",
        abstract: "Chat with a company that answers through Docket.",
        discussion: """
            At a terminal you get a prompt; /help lists its commands. Otherwise, or with
            --plain, each line of standard input is a message. A line that starts with a
            slash is a command and is never sent; // sends a text that starts with a slash.
            Without a server what you say is kept, and sent when there is one; only the
            first message on a channel needs it.

              docket-chat login --server desk.example:7443 --name Ana
              docket-chat
              echo "It prints blank pages" | docket-chat --plain
              docket-chat open "Lamp 3 is out" --channel portal
              docket-chat tail --json --since CURSOR

            Exit status: 0 done, 1 refused, 2 usage, 3 not confirmed in time, 4 not
            signed in, 5 not found, 69 server unreachable, 74 local file error, 75 another
            program has the profile and does not answer, 76 protocol mismatch, 130
            interrupted.
            """,
        subcommands: [
            TalkCommand.self, LoginCommand.self, LogoutCommand.self, SendCommand.self,
            OpenCommand.self, TailCommand.self, RequestsCommand.self, FilesCommand.self,
            OutboxCommand.self, RelayCommand.self, DoctorCommand.self,
        ],
        defaultSubcommand: TalkCommand.self
    )

    static func main() async {
        let status = await CommandRun(of: "docket-chat").run(ChatCommand.self)
        await DocketClient.settle()
        Glibc.exit(status.rawValue)
    }
}
