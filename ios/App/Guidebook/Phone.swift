import Foundation
import Guidebook
import LocalAuthentication
import UIKit

/// What the models ask of the phone, answered by iOS.
@MainActor
struct Phone {
    /// Hosts of universal links; each serves `/.well-known/apple-app-site-association` for `/app/*`.
    static let hosts: Set<String> = ["guidebook.example.com"]

    let kept = KeptInDefaults()

    var services: Services {
        var services = Services(
            kept: kept, dialler: SystemDialler(), scanner: CameraScanner.isThere ? CameraScanner() : nil,
            sharer: ShareSheet(), haptics: Tick(), brightness: FullBrightness.shared, gate: OwnerGate())
        services.deviceName = UIDevice.current.name
        services.systemLanguage = Locale.preferredLanguages.first ?? "zh"
        services.version = Bundle.main.infoDictionary?["CFBundleShortVersionString"] as? String ?? ""
        return services
    }

    static var top: UIViewController? {
        let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
        var top = scenes.first { $0.activationState == .foregroundActive }?.keyWindow?.rootViewController
        while let next = top?.presentedViewController { top = next }
        return top
    }
}

struct KeptInDefaults: Kept {
    func read(_ key: String) -> String? { UserDefaults.standard.string(forKey: key) }
    func write(_ key: String, _ value: String?) { UserDefaults.standard.set(value, forKey: key) }
}

struct SystemDialler: Dialler {
    func dial(_ number: String) async -> Bool {
        guard let url = URL(string: "tel:\(number)"), UIApplication.shared.canOpenURL(url) else { return false }
        return await UIApplication.shared.open(url)
    }
}

struct ShareSheet: Sharer {
    func share(_ text: String) {
        let sheet = UIActivityViewController(activityItems: [text], applicationActivities: nil)
        sheet.popoverPresentationController?.sourceView = Phone.top?.view
        Phone.top?.present(sheet, animated: true)
    }
}

struct Tick: Haptics {
    func tick() { UIImpactFeedbackGenerator(style: .light).impactOccurred() }
}

/// The screen at its brightest, and back to what it was.
@MainActor
final class FullBrightness: Brightness {
    static let shared = FullBrightness()
    private var before: CGFloat?

    func full(_ on: Bool) {
        guard let screen = Phone.top?.view.window?.screen else { return }
        if on {
            before = before ?? screen.brightness
            screen.brightness = 1
        } else if let before {
            screen.brightness = before
            self.before = nil
        }
    }
}

/// Face ID, Touch ID, or the phone's passcode.
struct OwnerGate: UnlockGate {
    func pass(reason: String) async -> GateAnswer {
        do {
            let passed = try await LAContext().evaluatePolicy(.deviceOwnerAuthentication, localizedReason: reason)
            return passed ? .passed : .refused
        } catch LAError.biometryLockout, LAError.passcodeNotSet {
            return .lockedOut
        } catch {
            return .refused
        }
    }
}
