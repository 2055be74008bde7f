// What the phone, the window and the WeChat app report about themselves, and their events.
import { fontScale, offTheme, onTheme, theme } from '../appearance'
import { networkState, offNetwork, onNetwork } from '../network'
import * as router from '../pages/router'
import * as privacy from '../privacy'
import { HOME_BAR, NAV_BAR, params, STATUS_BAR } from '../visitor'
import type { Implementation } from './call'

const windowInfo = () => {
  const page = router.current()
  const bars = page?.window.navigationStyle === 'custom' ? 0 : STATUS_BAR + NAV_BAR
  const tabs = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mp-tabs')) || 0
  return {
    pixelRatio: devicePixelRatio, screenWidth: innerWidth, screenHeight: innerHeight, windowWidth: innerWidth, windowHeight: innerHeight - bars - tabs,
    statusBarHeight: STATUS_BAR, screenTop: bars, safeArea: { left: 0, right: innerWidth, top: STATUS_BAR, bottom: innerHeight - HOME_BAR, width: innerWidth, height: innerHeight - STATUS_BAR - HOME_BAR },
  }
}
const deviceInfo = () => ({ brand: 'iPhone', model: '浏览器里的手机', system: 'iOS 17.0', platform: 'ios', benchmarkLevel: -1, cpuType: '', memorySize: 0, abi: '', deviceAbi: '' })
const baseInfo = () => ({ SDKVersion: '3.8.0', version: '8.0.50', language: 'zh_CN', theme: theme(), enableDebug: false, host: { env: 'WeChat' }, fontSizeSetting: 16 * fontScale, fontSizeScaleFactor: fontScale })
const everything = () => ({ ...windowInfo(), ...deviceInfo(), ...baseInfo() })
const launched = () => ({ path: router.current()?.route ?? '', query: router.current()?.query ?? {}, scene: 1001, referrerInfo: {}, forwardMaterials: [] })

const appShow = new Set<(o: unknown) => void>()
const appHide = new Set<() => void>()
document.addEventListener('visibilitychange', () => (document.hidden ? appHide.forEach((f) => f()) : appShow.forEach((f) => f(launched()))))

const nothing = () => undefined

/** Functions that answer at once. */
export const deviceNow: Record<string, (...args: any[]) => unknown> = {
  getSystemInfoSync: everything,
  getWindowInfo: windowInfo,
  getDeviceInfo: deviceInfo,
  getAppBaseInfo: baseInfo,
  getSkylineInfoSync: () => ({ isSupported: false, version: '', reason: 'web host' }),
  getSystemSetting: () => ({ bluetoothEnabled: false, locationEnabled: true, wifiEnabled: true, deviceOrientation: innerWidth > innerHeight ? 'landscape' : 'portrait' }),
  getAppAuthorizeSetting: () => ({ albumAuthorized: 'authorized', cameraAuthorized: 'authorized', notificationAuthorized: 'authorized' }),
  getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: STATUS_BAR + 6, bottom: STATUS_BAR + 38, left: innerWidth - 94, right: innerWidth - 7 }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wxwebhost', envVersion: params.get('env') ?? 'develop', version: '' }, plugin: {} }),
  getLaunchOptionsSync: launched,
  getEnterOptionsSync: launched,
  onThemeChange: onTheme,
  offThemeChange: offTheme,
  onNetworkStatusChange: onNetwork,
  offNetworkStatusChange: offNetwork,
  onNetworkWeakChange: nothing, offNetworkWeakChange: nothing,
  onAppShow: (f) => appShow.add(f), offAppShow: (f) => appShow.delete(f), onAppHide: (f) => appHide.add(f), offAppHide: (f) => appHide.delete(f),
  onNeedPrivacyAuthorization: privacy.onNeed,
  onError: nothing, offError: nothing, onUnhandledRejection: nothing, offUnhandledRejection: nothing, onPageNotFound: nothing, offPageNotFound: nothing, onMemoryWarning: nothing,
  onWindowResize: nothing, offWindowResize: nothing, onKeyboardHeightChange: nothing, offKeyboardHeightChange: nothing, onUserCaptureScreen: nothing, offUserCaptureScreen: nothing,
  onMenuButtonBoundingClientRectWeightChange: nothing, offMenuButtonBoundingClientRectWeightChange: nothing,
  getUpdateManager: () => ({ onCheckForUpdate: nothing, onUpdateReady: nothing, onUpdateFailed: nothing, applyUpdate: nothing }),
  getLogManager: () => ({ log: nothing, info: nothing, warn: nothing, debug: nothing }),
  getRealtimeLogManager: () => ({ info: nothing, warn: nothing, error: nothing, setFilterMsg: nothing, addFilterMsg: nothing }),
  reportEvent: nothing, reportPerformance: nothing, reportMonitor: nothing,
}

/** The same questions, asked by callback or promise. */
export const deviceLater: Record<string, Implementation> = {
  getSystemInfo: everything,
  getSystemInfoAsync: everything,
  getNetworkType: networkState,
  getRandomValues: (o) => ({ randomValues: crypto.getRandomValues(new Uint8Array(o.length)).buffer }),
}
