import Guidebook
import SwiftUI

/// Scan or type HQ's code; what will be on this phone, and why.
struct EnrolScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: EnrolModel

    var body: some View {
        Form {
            Section {
                Text(words.enrolLead)
                ForEach(words.enrolWhatStays, id: \.self) { Label($0, systemImage: "checkmark") }
            } header: {
                Text(words.enrolTitle)
            }
            Section {
                if model.canScan {
                    RowButton(title: words.enrolScan, symbol: "qrcode.viewfinder") { model.scan() }
                }
                TextField(words.enrolServer, text: $model.server).autocorrectionDisabled()
                TextField(words.enrolCode, text: $model.code).autocorrectionDisabled()
            } footer: {
                ProblemText(problem: model.problem)
            }
            Section {
                if model.working {
                    ProgressView(words.enrolling)
                } else {
                    MainButton(title: words.enrolAct) { model.enrol() }.disabled(!model.canEnrol)
                }
            }
        }
    }
}
