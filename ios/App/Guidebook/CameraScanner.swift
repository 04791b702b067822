import Guidebook
import UIKit
import VisionKit

/// One code, read by the system's scanner. The camera is asked for by VisionKit when it is used first.
@MainActor
final class CameraScanner: NSObject, CodeScanner, DataScannerViewControllerDelegate {
    static var isThere: Bool { DataScannerViewController.isSupported }

    private var waiting: CheckedContinuation<String?, Never>?

    func scan() async -> String? {
        guard DataScannerViewController.isAvailable, waiting == nil, let top = Phone.top else { return nil }
        let scanner = DataScannerViewController(recognizedDataTypes: [.barcode()], isHighlightingEnabled: true)
        scanner.delegate = self
        scanner.navigationItem.leftBarButtonItem = UIBarButtonItem(
            systemItem: .cancel, primaryAction: UIAction { [weak self] _ in self?.end(scanner, nil) })
        let stack = UINavigationController(rootViewController: scanner)
        stack.modalPresentationStyle = .fullScreen
        top.present(stack, animated: true)
        try? scanner.startScanning()
        return await withCheckedContinuation { waiting = $0 }
    }

    func dataScanner(_ scanner: DataScannerViewController, didAdd items: [RecognizedItem], allItems: [RecognizedItem]) {
        for case .barcode(let code) in items {
            if let text = code.payloadStringValue { return end(scanner, text) }
        }
    }

    private func end(_ scanner: DataScannerViewController, _ text: String?) {
        scanner.stopScanning()
        scanner.dismiss(animated: true)
        waiting?.resume(returning: text)
        waiting = nil
    }
}
