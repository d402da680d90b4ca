/**
 * The panel's controls. The only file that knows @vscode/webview-ui-toolkit, which its makers no longer develop: to replace it, register
 * other elements here under the same tag names.
 */
import { provideVSCodeDesignSystem, vsCodeBadge, vsCodeButton, vsCodeProgressRing, vsCodeTextArea } from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeBadge(), vsCodeProgressRing(), vsCodeTextArea());
}
